package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.store.DeviceStoreContract;
import io.signalbox.hub.store.FleetStores;
import org.junit.jupiter.api.AfterEach;

class RedisDeviceStoreTest extends DeviceStoreContract {
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
