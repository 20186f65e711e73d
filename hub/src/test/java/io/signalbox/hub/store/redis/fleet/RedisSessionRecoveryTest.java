package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.SessionTakeOverContract;
import org.junit.jupiter.api.AfterEach;

class RedisSessionRecoveryTest extends SessionTakeOverContract {
  private final RedisFleet fleet = new RedisFleet();

  @Override
  protected FleetStores empty() {
    return fleet.stores();
  }

  @Override
  protected FleetStores another() {
    return fleet.stores();
  }

  @Override
  protected FleetStores reopened() {
    return fleet.stores();
  }

  @AfterEach
  void close() {
    fleet.close();
  }
}
