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
 * Answers for what was measured: latest values, what is kept, and series of the past, raw or
 * reduced. Series are walked page by page, so that a long one never lies in memory whole.
 *
 * <p>Threading: any thread; futures complete on a thread of the store's.
 */
public final class HistoryService {
  /** Where a range begins that names no beginning: so long before its end. */
  public static final Duration DEFAULT_SPAN = Duration.ofHours(1);

  /** Most points that a series may be reduced to. */
  public static final int MAX_POINTS = 10_000;

  /** Most series of one question. */
  public static final int MAX_METRICS = 100;

  private final TelemetryStore store;
  private final WallClock clock;

  /** History out of that store; the clock (Unix milliseconds) says what "now" is. */
  public HistoryService(TelemetryStore store, WallClock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What somebody wants to see; what is null takes its default.
   *
   * @param metrics which series; empty: every one that the device has
   * @param from Unix milliseconds, inclusive; default {@link #DEFAULT_SPAN} before {@code to}
   * @param to Unix milliseconds, exclusive; default now
   * @param points null for raw readings, else how many buckets to reduce each series to
   * @param aggregate how to reduce; by default {@link Aggregate#MINMAX} what has numbers and {@link
   *     Aggregate#STATES} what has none
   */
  public record HistoryQuery(
      String device,
      List<String> metrics,
      @Nullable Long from,
      @Nullable Long to,
      @Nullable Integer points,
      @Nullable Aggregate aggregate) {}

  /**
   * The series that a question asks for, in its order. Fails with {@code INVALID}, naming the
   * parameter.
   */
  public Future<List<HistorySeries>> query(HistoryQuery question) {
    return Future.succeededFuture(question).compose(this::answer);
  }

  private Future<List<HistorySeries>> answer(HistoryQuery question) {
    long to = Objects.requireNonNullElseGet(question.to(), clock::wallMillis);
    long from = Objects.requireNonNullElse(question.from(), to - DEFAULT_SPAN.toMillis());
    check(from <= to, "from", "from must not be after to");
    check(question.metrics().size() <= MAX_METRICS, "metric", "at most 100 metrics at once");
    Integer points = question.points();
    check(points != null || question.aggregate() == null, "aggregate", "aggregate needs points");
    check(
        points == null || (points >= 1 && points <= MAX_POINTS),
        "points",
        "points must be 1 to " + MAX_POINTS);
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

  /** The newest reading of each metric, by device; devices that never reported are left out. */
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    return devices.isEmpty() ? Future.succeededFuture(Map.of()) : store.latest(devices);
  }

  /** What is kept of a device. */
  public Future<List<MetricSummary>> metrics(String device) {
    return store.metrics(device);
  }

  /** Forgets every reading of a device. */
  public Future<Void> forget(String device) {
    return store.forget(device);
  }

  private static void check(boolean holds, String parameter, String otherwise) {
    if (!holds) {
      throw new Refusal(ErrorCode.INVALID, parameter, otherwise);
    }
  }
}
