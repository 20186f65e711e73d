package io.signalbox.hub.deletion;

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
import java.util.concurrent.atomic.AtomicBoolean;

/** A store that can be made to refuse to forget. */
record ForgetfulStore(TelemetryStore store, AtomicBoolean refuses) implements TelemetryStore {
  ForgetfulStore(TelemetryStore store) {
    this(store, new AtomicBoolean());
  }

  @Override
  public Future<Void> append(TelemetryBatch batch) {
    return store.append(batch);
  }

  @Override
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    return store.latest(devices);
  }

  @Override
  public Future<List<MetricSummary>> metrics(String device) {
    return store.metrics(device);
  }

  @Override
  public Future<List<Point>> read(Range range, int limit) {
    return store.read(range, limit);
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
    return refuses.get()
        ? Future.failedFuture(new Refusal(Refusal.Kind.UNAVAILABLE, "the disk is full"))
        : store.forget(device);
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
