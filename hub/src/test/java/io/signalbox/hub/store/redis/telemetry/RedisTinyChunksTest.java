package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.TelemetryStoreContract;
import io.signalbox.hub.telemetry.TelemetryStore;
import org.junit.jupiter.api.AfterEach;

/** The store satisfies the contract with short open strings and tiny chunks. */
class RedisTinyChunksTest extends TelemetryStoreContract {
  private final RedisTelemetry redis = new RedisTelemetry();

  @Override
  protected TelemetryStore open() {
    return redis.open(RedisTelemetry.TINY, HubClock.ofSystem());
  }

  @AfterEach
  @Override
  protected void closeStore() {
    super.closeStore();
    redis.close();
  }
}
