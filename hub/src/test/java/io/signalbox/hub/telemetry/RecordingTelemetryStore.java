package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real store that records calls and can be made to fail on reads and deletions. */
public final class RecordingTelemetryStore implements TelemetryStore {
  /** All recorded calls. */
  public final AtomicInteger queries = new AtomicInteger();

  public final AtomicInteger reads = new AtomicInteger();
  public final AtomicInteger latests = new AtomicInteger();
  public volatile int failFromRead = Integer.MAX_VALUE;
  public volatile boolean refusesToForget;
  private final TelemetryStore store;

  /** Wraps the store and closes it. */
  public RecordingTelemetryStore(TelemetryStore store) {
    this.store = store;
  }

  @Override
  public Future<BatchResult> append(TelemetryBatch batch) {
    return store.append(batch);
  }

  @Override
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    queries.incrementAndGet();
    latests.incrementAndGet();
    return store.latest(devices);
  }

  @Override
  public Future<List<MetricSummary>> metrics(String device) {
    queries.incrementAndGet();
    return store.metrics(device);
  }

  @Override
  public Future<List<Point>> read(SeriesRange range, int limit) {
    queries.incrementAndGet();
    return reads.incrementAndGet() >= failFromRead
        ? Future.failedFuture(new IllegalStateException("the disk is on fire"))
        : store.read(range, limit);
  }

  @Override
  public Future<List<Point>> sample(SeriesRange range, int points, Aggregate aggregate) {
    queries.incrementAndGet();
    return store.sample(range, points, aggregate);
  }

  @Override
  public Future<StateHistory> states(SeriesRange range, long now, int spans) {
    queries.incrementAndGet();
    return store.states(range, now, spans);
  }

  @Override
  public Future<Void> forget(String device) {
    return refusesToForget
        ? Future.failedFuture(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the disk is full"))
        : store.forget(device);
  }

  @Override
  public @Nullable String trouble() {
    return store.trouble();
  }

  @Override
  public StoreStatistics statistics() {
    return store.statistics();
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
