package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.store.TelemetryStoreContract;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.telemetry.StoreStatistics;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * The stores of two nodes together satisfy the contract: they take turns with every call, and seal
 * what the other one has appended.
 */
class RedisTelemetryNodesTest extends TelemetryStoreContract {
  private final RedisTelemetry redis = new RedisTelemetry();

  @Override
  protected TelemetryStore open() {
    return new TwoNodes(
        redis.open(RedisTelemetry.TINY, HubClock.ofSystem()),
        redis.open(RedisTelemetry.TINY, HubClock.ofSystem()));
  }

  @AfterEach
  @Override
  protected void closeStore() {
    super.closeStore();
    redis.close();
  }

  /** Two nodes that take turns. */
  private record TwoNodes(RedisTelemetryStore one, RedisTelemetryStore two, AtomicInteger calls)
      implements TelemetryStore {
    TwoNodes(RedisTelemetryStore one, RedisTelemetryStore two) {
      this(one, two, new AtomicInteger());
    }

    private RedisTelemetryStore next() {
      return calls.getAndIncrement() % 2 == 0 ? one : two;
    }

    @Override
    public Future<BatchResult> append(TelemetryBatch batch) {
      return next().append(batch);
    }

    @Override
    public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
      return next().latest(devices);
    }

    @Override
    public Future<List<MetricSummary>> metrics(String device) {
      return next().metrics(device);
    }

    @Override
    public Future<List<Point>> read(SeriesRange range, int limit) {
      return next().read(range, limit);
    }

    @Override
    public Future<List<Point>> sample(SeriesRange range, int points, Aggregate aggregate) {
      return next().sample(range, points, aggregate);
    }

    @Override
    public Future<StateHistory> states(SeriesRange range, long now, int spans) {
      return next().states(range, now, spans);
    }

    @Override
    public Future<Void> forget(String device) {
      return next().forget(device);
    }

    @Override
    public @Nullable String trouble() {
      return next().trouble();
    }

    @Override
    public StoreStatistics statistics() {
      await(one.due().round());
      return one.statistics();
    }

    @Override
    public Future<Void> close() {
      return Future.join(one.close(), two.close()).mapEmpty();
    }
  }
}
