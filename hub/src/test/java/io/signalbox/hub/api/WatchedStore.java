package io.signalbox.hub.api;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.Range;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real store that counts what it is asked, and can be made to fail when it is read or to forget.
 */
final class WatchedStore implements TelemetryStore {
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger latests = new AtomicInteger();
  volatile int failFromRead = Integer.MAX_VALUE;
  volatile boolean refusesToForget;
  private final TelemetryStore store;

  WatchedStore(TelemetryStore store) {
    this.store = store;
  }

  @Override
  public Future<Void> append(TelemetryBatch batch) {
    return store.append(batch);
  }

  @Override
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    latests.incrementAndGet();
    return store.latest(devices);
  }

  @Override
  public Future<List<MetricSummary>> metrics(String device) {
    return store.metrics(device);
  }

  @Override
  public Future<List<Point>> read(Range range, int limit) {
    return reads.incrementAndGet() >= failFromRead
        ? Future.failedFuture(new IllegalStateException("the disk is on fire"))
        : store.read(range, limit);
  }

  @Override
  public Future<List<Point>> sample(Range range, int points, Aggregate aggregate) {
    return store.sample(range, points, aggregate);
  }

  @Override
  public Future<Boolean> holdsNumbers(Range range) {
    return store.holdsNumbers(range);
  }

  @Override
  public Future<StateHistory> states(Range range, long now, int spans) {
    return store.states(range, now, spans);
  }

  @Override
  public Future<Void> forget(String device) {
    return refusesToForget
        ? Future.failedFuture(new Refusal(Refusal.Kind.UNAVAILABLE, "the disk is full"))
        : store.forget(device);
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
