package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.telemetry.Downsampler;
import io.signalbox.hub.store.telemetry.LttbCurve;
import io.signalbox.hub.store.telemetry.PointList;
import io.signalbox.hub.store.telemetry.StateSpanReducer;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.telemetry.StoreStatistics;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry store in Redis, which several nodes use at the same time. No node keeps readings.
 *
 * <p><b>Write path.</b> A message is appended, encoded compactly, to the open string of its device,
 * and published to the stream of its partition, in one script for all messages that wait for the
 * partition ({@link AppendQueue}). A node that sees an open string grow long moves its readings to
 * chunks ({@link DeviceSealer}): full chunks of the same codec as in the embedded store, with heads
 * in sorted sets, and for each series a tail, which the next seals fill up to a chunk.
 *
 * <p><b>No loss, no duplicates.</b> A seal is one script, which does nothing unless the open string
 * begins as it was read. A message that was appended twice after an unknown outcome is stored once,
 * because a reading is identified by (device, metric, ts).
 *
 * <p><b>Late and repeated readings</b> are separated by layers, see {@link OpenSeries}; a read
 * merges them.
 *
 * <p><b>Queries</b> read the open string and the tails in one step, and then chunks page by page
 * ({@link SeriesQuery}). Readings are decoded on worker threads.
 *
 * <p>Threading: any thread; futures complete on the link's event loop or a worker thread.
 */
public final class RedisTelemetryStore implements TelemetryStore {
  private static final RedisScript FORGET = RedisScript.of(RedisTelemetryStore.class, "forget.lua");
  private static final int MAX_QUERIES = 4096;

  private final Parts parts;
  private final TelemetryCounts counts;
  private final DeviceSealer sealer;
  private final AppendQueue appends;
  private final DueWork due;
  private final DeviceReadings devices;
  private final AtomicInteger queries = new AtomicInteger();
  private volatile boolean closed;

  /** What the parts of the store share. */
  record Parts(
      RedisLink link,
      TelemetryKeys keys,
      EventStreams streams,
      RedisTelemetrySettings settings,
      HubClock clock,
      Vertx vertx) {}

  private RedisTelemetryStore(Parts parts) {
    this.parts = parts;
    counts = new TelemetryCounts(parts.keys().partitions());
    sealer =
        new DeviceSealer(
            parts.link(),
            parts.keys(),
            parts.settings().chunkReadings(),
            parts.clock(),
            parts.vertx());
    appends = new AppendQueue(parts, sealer, counts);
    due = new DueWork(parts, sealer, counts);
    devices = new DeviceReadings(parts.link(), parts.keys(), parts.vertx());
  }

  /**
   * Opens the store on a link, which stays open when the store is closed.
   *
   * @param streams the streams to which stored messages are published, as this node writes to them
   */
  public static Future<RedisTelemetryStore> open(
      Vertx vertx,
      RedisLink link,
      RedisKeys keys,
      EventStreams streams,
      RedisTelemetrySettings settings,
      HubClock clock) {
    RedisTelemetryStore store =
        new RedisTelemetryStore(
            new Parts(link, new TelemetryKeys(keys), streams, settings, clock, vertx));
    return store.due.round().onSuccess(counted -> store.due.start()).map(store);
  }

  @Override
  public Future<BatchResult> append(TelemetryBatch batch) {
    return appends.append(batch);
  }

  @Override
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> ids) {
    return query(() -> devices.latest(ids));
  }

  @Override
  public Future<List<MetricSummary>> metrics(String device) {
    return query(() -> devices.metrics(device));
  }

  @Override
  public Future<List<Point>> read(SeriesRange range, int limit) {
    PointList points = new PointList(limit);
    return query(
        () ->
            limit <= 0
                ? Future.succeededFuture(List.of())
                : series(range).run(points).map(done -> points.points()));
  }

  @Override
  public Future<List<Point>> sample(SeriesRange range, int points, Aggregate aggregate) {
    return query(
        () -> {
          if (points <= 0 || range.from() >= range.to()) {
            return Future.succeededFuture(List.of());
          }
          return switch (aggregate) {
            case MINMAX, AVG, LAST -> reduced(range, points, aggregate);
            case LTTB -> curve(range, points);
            case STATES -> throw new IllegalArgumentException("STATES returns spans, not points");
          };
        });
  }

  private Future<List<Point>> reduced(SeriesRange range, int points, Aggregate aggregate) {
    SeriesQuery series = series(range);
    Downsampler reducer = Downsampler.of(range, points, aggregate, series.chunks()::load);
    return series.run(reducer).map(done -> reducer.finish());
  }

  /** All readings up to a limit, otherwise the minima and maxima of small buckets. */
  private Future<List<Point>> curve(SeriesRange range, int points) {
    LttbCurve curve = new LttbCurve();
    return series(range)
        .run(curve)
        .compose(
            done ->
                curve.isTooLong()
                    ? reduced(range, LttbCurve.buckets(points), Aggregate.MINMAX).map(LttbCurve::of)
                    : Future.succeededFuture(curve))
        .compose(whole -> parts.vertx().executeBlocking(() -> whole.thinned(points), false));
  }

  @Override
  public Future<StateHistory> states(SeriesRange range, long now, int spans) {
    return query(
        () -> {
          if (spans <= 0 || range.from() >= range.to()) {
            return Future.succeededFuture(StateHistory.NOTHING);
          }
          StateSpanReducer reducer = new StateSpanReducer(range, now, spans);
          return series(range).runFromBefore(reducer).map(done -> reducer.finish());
        });
  }

  private SeriesQuery series(SeriesRange range) {
    return new SeriesQuery(parts.link(), parts.keys(), parts.vertx(), range);
  }

  private <T> Future<T> query(Supplier<Future<T>> query) {
    if (closed) {
      return Future.failedFuture(AppendQueue.unavailable("the telemetry store is closed"));
    }
    if (queries.incrementAndGet() > MAX_QUERIES) {
      queries.decrementAndGet();
      return Future.failedFuture(AppendQueue.unavailable("too many queries are waiting"));
    }
    return query.get().onComplete(done -> queries.decrementAndGet());
  }

  @Override
  public Future<Void> forget(String device) {
    if (closed) {
      return Future.failedFuture(AppendQueue.unavailable("the telemetry store is closed"));
    }
    return appends
        .flushed(parts.keys().partitionOf(device))
        .compose(flushed -> forgetSeries(device));
  }

  private Future<Void> forgetSeries(String device) {
    TelemetryKeys keys = parts.keys();
    return parts
        .link()
        .send(Request.cmd(Command.HKEYS).arg(keys.series(device)))
        .compose(
            fields -> {
              List<String> metrics = new ArrayList<>();
              fields.forEach(
                  field -> {
                    String name = field.toString();
                    if (name.startsWith("s")) {
                      metrics.add(name.substring(1));
                    }
                  });
              List<Object> args = new ArrayList<>(metrics);
              args.addFirst(device);
              return parts.link().run(FORGET, keys.ofSeries(device, metrics), args.toArray());
            })
        .compose(done -> done.toLong() == 1 ? Future.succeededFuture() : forgetSeries(device));
  }

  @Override
  public @Nullable String trouble() {
    return appends.trouble();
  }

  @Override
  public StoreStatistics statistics() {
    return new StoreStatistics(counts.commits.sum(), 0, counts.waiting.get(), counts.series());
  }

  /** Readings that this node has deleted since it was opened because there were too many. */
  public long droppedReadings() {
    return counts.droppedReadings.sum();
  }

  /** Seals open strings; for tests. */
  DeviceSealer sealer() {
    return sealer;
  }

  /** Does what is due; for tests. */
  DueWork due() {
    return due;
  }

  @Override
  public Future<Void> close() {
    closed = true;
    return appends.close().eventually(sealer::close).eventually(due::close);
  }
}
