package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DescriptionStore;
import io.signalbox.hub.store.DescriptionStoreContract;
import io.signalbox.hub.store.FleetStores;
import org.junit.jupiter.api.AfterEach;

class RedisDescriptionStoreTest extends DescriptionStoreContract {
  private final RedisFleet fleet = new RedisFleet();

  @Override
  protected FleetStores empty() {
    return fleet.stores();
  }

  @Override
  protected DescriptionStore descriptions() {
    return fleet.descriptions();
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
