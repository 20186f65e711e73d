package io.signalbox.hub.telemetry;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One series of the past that somebody asked for: raw, or reduced to a number of points. */
public final class Series {
  /** Readings that one page holds: a few milliseconds of encoding. */
  static final int PAGE = 4_096;

  private final TelemetryStore store;
  private final Range range;
  private final @Nullable Integer points;
  private final Aggregate aggregate;

  Series(TelemetryStore store, Range range, @Nullable Integer points, Aggregate aggregate) {
    this.store = store;
    this.range = range;
    this.points = points;
    this.aggregate = aggregate;
  }

  /** Which span of which series. */
  public Range range() {
    return range;
  }

  /** Whether it gives the readings as they came. */
  public boolean isRaw() {
    return points == null;
  }

  /** A walk along it from its beginning, over at most that many raw readings. */
  public Walk walk(long limit) {
    return new Walk(limit);
  }

  /** Goes along the series, page by page. One caller at a time, one page after the other. */
  public final class Walk {
    private long from = range.from();
    private long left;
    private boolean over;
    private @Nullable Long rest;

    private Walk(long limit) {
      left = limit;
    }

    /** The next points, oldest first; empty at the end. */
    public Future<List<Point>> next() {
      if (over) {
        return Future.succeededFuture(List.of());
      }
      if (points != null) {
        over = true;
        return store.sample(range, points, aggregate);
      }
      int wanted = (int) Math.min(PAGE, left);
      Range ahead = new Range(range.device(), range.metric(), from, range.to());
      // One more than the page: it tells whether, and where, the series goes on.
      return store.read(ahead, wanted + 1).map(found -> page(found, wanted));
    }

    private List<Point> page(List<Point> found, int wanted) {
      if (found.size() <= wanted) {
        over = true;
        return found;
      }
      from = found.get(wanted).ts();
      left -= wanted;
      if (left == 0) {
        over = true;
        rest = from;
      }
      return found.subList(0, wanted);
    }

    /**
     * After the end: where the readings begin that the limit left out, in Unix milliseconds; null
     * when there are none.
     */
    public @Nullable Long rest() {
      return rest;
    }
  }
}
