package io.signalbox.hub.telemetry;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Queries of telemetry: latest values, available metrics and series, raw or reduced. Series are
 * read page by page, so that a long one is never in memory as a whole.
 *
 * <p>Threading: any thread; futures complete on a store thread.
 */
public final class HistoryService {
  /** Default length of a range. */
  public static final Duration DEFAULT_SPAN = Duration.ofHours(1);

  /** Maximum number of points of a reduced series. */
  public static final int MAX_POINTS = 10_000;

  /** Maximum number of series per query. */
  public static final int MAX_METRICS = 100;

  private final TelemetryStore store;
  private final WallClock clock;

  /** Queries of this store; the clock (Unix milliseconds) defines the present. */
  public HistoryService(TelemetryStore store, WallClock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * A query; a null parameter takes its default.
   *
   * @param metrics the series; empty for all of the device
   * @param from Unix milliseconds, inclusive; default {@link #DEFAULT_SPAN} before {@code to}
   * @param to Unix milliseconds, exclusive; default now
   * @param points number of buckets to reduce each series to; null for raw readings
   * @param aggregate aggregate function; default {@link Aggregate#MINMAX} for series with numbers,
   *     {@link Aggregate#STATES} for others
   */
  public record HistoryQuery(
      String device,
      List<String> metrics,
      @Nullable Long from,
      @Nullable Long to,
      @Nullable Integer points,
      @Nullable Aggregate aggregate) {}

  /**
   * The series of a query, in the order of the query. Fails with {@code INVALID} and the parameter.
   */
  public Future<List<HistorySeries>> query(HistoryQuery question) {
    return Future.succeededFuture(question).compose(this::answer);
  }

  private Future<List<HistorySeries>> answer(HistoryQuery question) {
    long to = Objects.requireNonNullElseGet(question.to(), clock::wallMillis);
    long from = Objects.requireNonNullElse(question.from(), to - DEFAULT_SPAN.toMillis());
    check(from <= to, "from", "from is after to; expected from <= to");
    int metrics = question.metrics().size();
    check(metrics <= MAX_METRICS, "metric", "too many metrics; expected at most " + MAX_METRICS);
    Integer points = question.points();
    check(points != null || question.aggregate() == null, "aggregate", "aggregate requires points");
    check(
        points == null || (points >= 1 && points <= MAX_POINTS),
        "points",
        "points is out of range; expected 1 to " + MAX_POINTS);
    return names(question)
        .map(names -> names.stream().map(name -> series(question, name, from, to)).toList());
  }

  private Future<List<String>> names(HistoryQuery question) {
    return question.metrics().isEmpty()
        ? store.metrics(question.device()).map(HistoryService::namesOf)
        : Future.succeededFuture(question.metrics());
  }

  private static List<String> namesOf(List<MetricSummary> summaries) {
    return summaries.stream().map(MetricSummary::metric).toList();
  }

  private HistorySeries series(HistoryQuery question, String metric, long from, long to) {
    SeriesRange range = new SeriesRange(question.device(), metric, from, to);
    return new HistorySeries(store, clock, range, question.points(), question.aggregate());
  }

  /** The newest reading of each metric, by device; devices without readings are omitted. */
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    return devices.isEmpty() ? Future.succeededFuture(Map.of()) : store.latest(devices);
  }

  /** The stored metrics of a device. */
  public Future<List<MetricSummary>> metrics(String device) {
    return store.metrics(device);
  }

  /** Deletes all readings of a device. */
  public Future<Void> forget(String device) {
    return store.forget(device);
  }

  private static void check(boolean holds, String parameter, String otherwise) {
    if (!holds) {
      throw new Refusal(ErrorCode.INVALID, parameter, otherwise);
    }
  }
}
