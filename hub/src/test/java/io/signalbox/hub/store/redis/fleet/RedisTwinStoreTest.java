package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.TwinStoreContract;
import org.junit.jupiter.api.AfterEach;

class RedisTwinStoreTest extends TwinStoreContract {
  private final RedisFleet fleet = new RedisFleet();

  @Override
  protected FleetStores empty() {
    return fleet.stores();
  }

  @Override
  protected FleetStores second() {
    return fleet.stores();
  }

  @AfterEach
  void close() {
    fleet.close();
  }
}
