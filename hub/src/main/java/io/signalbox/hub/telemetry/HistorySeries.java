package io.signalbox.hub.telemetry;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Value;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One series of the past that somebody asked for: raw, or reduced to a number of points. */
public final class HistorySeries {
  /** Readings that one page holds: a few milliseconds of encoding. */
  static final int PAGE = 4_096;

  private final TelemetryStore store;
  private final WallClock clock;
  private final SeriesRange range;
  private final @Nullable Integer points;
  private final @Nullable Aggregate query;

  HistorySeries(
      TelemetryStore store,
      WallClock clock,
      SeriesRange range,
      @Nullable Integer points,
      @Nullable Aggregate query) {
    this.store = store;
    this.clock = clock;
    this.range = range;
    this.points = points;
    this.query = query;
  }

  /** Which span of which series. */
  public SeriesRange range() {
    return range;
  }

  /** Whether it gives the readings as they came. */
  public boolean isRaw() {
    return points == null;
  }

  /** How a series is told. */
  public sealed interface Form {
    /** Its readings as they came, page by page. */
    record Raw() implements Form {}

    /** Points, in one page; none where it has no readings in the range. */
    record Reduced(Aggregate aggregate, List<Point> points) implements Form {}

    /** Spans of equal values; there are no pages. */
    record States(StateHistory history) implements Form {}

    /** It has readings in the range, but no number, which the aggregate is for; no pages. */
    record Unfit(Aggregate aggregate, String why) implements Form {}
  }

  /** A walk along it from its beginning, over at most that many raw readings. */
  public Pages walk(long limit) {
    return new Pages(limit);
  }

  private Future<Form> form() {
    if (points == null) {
      return Future.succeededFuture(new Form.Raw());
    }
    if (query == Aggregate.STATES) {
      return states(points);
    }
    Aggregate aggregate = query == null ? Aggregate.MINMAX : query;
    return store
        .sample(range, points, aggregate)
        .compose(
            found ->
                found.isEmpty() && aggregate != Aggregate.LAST
                    ? ofOthers(points)
                    : Future.succeededFuture(new Form.Reduced(aggregate, found)));
  }

  private static Future<Form> empty(Aggregate aggregate) {
    return Future.succeededFuture(new Form.Reduced(aggregate, List.of()));
  }

  /**
   * There is no number in the range. Who names no aggregate is told what fits; what holds since
   * before the range says what it is.
   */
  private Future<Form> ofOthers(int points) {
    return store
        .read(range, 1)
        .compose(
            found -> {
              if (query != null) {
                return found.isEmpty() ? empty(query) : Future.succeededFuture(unfit(query));
              }
              return found.isEmpty() ? statesUnlessNumbers(points) : states(points);
            });
  }

  private Future<Form> statesUnlessNumbers(int points) {
    return history(1)
        .compose(
            held ->
                held.spans().isEmpty() || held.spans().getFirst().value() instanceof Value.Num
                    ? empty(Aggregate.MINMAX)
                    : states(points));
  }

  private Future<Form> states(int points) {
    return history(points).map(Form.States::new);
  }

  private Future<StateHistory> history(int spans) {
    return store.states(range, clock.wallMillis(), spans);
  }

  private Form unfit(Aggregate aggregate) {
    String word = aggregate.name().toLowerCase(Locale.ROOT);
    return new Form.Unfit(
        aggregate,
        "%s has no numbers in this range, which %s is for; ask for states or last"
            .formatted(range.metric(), word));
  }

  /** Goes along the series, page by page. One caller at a time, one page after the other. */
  public final class Pages {
    private long from = range.from();
    private long left;
    private boolean over;
    private @Nullable Long rest;
    private Form form = new Form.Raw();

    private Pages(long limit) {
      left = limit;
    }

    /** How the series is told; to be asked before its pages. */
    public Future<Form> open() {
      return form().onSuccess(found -> form = found);
    }

    /** The next points, oldest first; empty at the end. */
    public Future<List<Point>> next() {
      return switch (form) {
        case Form.Raw raw -> over ? none() : page();
        case Form.Reduced reduced -> over ? none() : whole(reduced.points());
        case Form.States states -> none();
        case Form.Unfit unfit -> none();
      };
    }

    private Future<List<Point>> none() {
      return Future.succeededFuture(List.of());
    }

    private Future<List<Point>> whole(List<Point> points) {
      over = true;
      return Future.succeededFuture(points);
    }

    private Future<List<Point>> page() {
      int wanted = (int) Math.min(PAGE, left);
      SeriesRange ahead = new SeriesRange(range.device(), range.metric(), from, range.to());
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
