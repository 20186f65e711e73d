package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.store.DeviceListContract;
import io.signalbox.hub.store.FleetStores;
import org.junit.jupiter.api.AfterEach;

class RedisDeviceListTest extends DeviceListContract {
  private final RedisFleet fleet = new RedisFleet();

  @Override
  protected FleetStores empty() {
    return fleet.stores();
  }

  @AfterEach
  void close() {
    fleet.close();
  }
}
