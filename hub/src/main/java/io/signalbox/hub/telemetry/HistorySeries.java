package io.signalbox.hub.telemetry;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Value;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A requested series: raw readings, or reduced to a number of points. */
public final class HistorySeries {
  /** Readings per page: a few milliseconds of encoding. */
  static final int PAGE_READINGS = 4_096;

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

  /** The range of the series. */
  public SeriesRange range() {
    return range;
  }

  /** Whether it returns raw readings. */
  public boolean isRaw() {
    return points == null;
  }

  /** Form of the response for a series. */
  public sealed interface Form {
    /** Raw readings, in pages. */
    record Raw() implements Form {}

    /** Points, in one page; empty if there are no readings in the range. */
    record Reduced(Aggregate aggregate, List<Point> points) implements Form {}

    /** Periods of equal values; no pages. */
    record States(StateHistory history) implements Form {}

    /** The range has readings, but none that the aggregate can use; no pages. */
    record Unfit(Aggregate aggregate, String why) implements Form {}
  }

  /** An iteration over the series, with at most that many raw readings. */
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
   * Handles a range without numbers. Without a requested aggregate the fitting one is chosen; a
   * value that holds since before the range is taken into account.
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
        "%s has no numbers in this range; %s needs numbers, use states or last"
            .formatted(range.metric(), word));
  }

  /** Iterates over the series page by page. One caller at a time, one page after the other. */
  public final class Pages {
    private long from = range.from();
    private long left;
    private boolean over;
    private @Nullable Long rest;
    private Form form = new Form.Raw();

    private Pages(long limit) {
      left = limit;
    }

    /** The form of the series; call it before {@link #next}. */
    public Future<Form> open() {
      return form().map(found -> form = found);
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
      int wanted = (int) Math.min(PAGE_READINGS, left);
      SeriesRange ahead = new SeriesRange(range.device(), range.metric(), from, range.to());
      // One more than the page: it shows whether, and where, the series continues.
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
     * After the end: time of the first reading beyond the limit, in Unix milliseconds; null if
     * there is none.
     */
    public @Nullable Long rest() {
      return rest;
    }
  }
}
