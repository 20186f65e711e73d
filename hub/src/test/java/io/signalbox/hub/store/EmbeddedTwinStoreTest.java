package io.signalbox.hub.store;

import io.signalbox.hub.store.embedded.EmbeddedFleet;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class EmbeddedTwinStoreTest extends TwinStoreContract {
  @TempDir Path directory;
  private EmbeddedFleet fleet;

  @Override
  protected FleetStores empty() {
    fleet = new EmbeddedFleet(directory);
    return fleet.stores();
  }

  @AfterEach
  void close() {
    fleet.close();
  }
}
