package io.signalbox.hub.store;

import io.signalbox.hub.store.sqlite.SqliteFleet;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SqliteSessionRecoveryTest extends SessionTakeOverContract {
  @TempDir Path directory;
  private SqliteFleet fleet;

  @Override
  protected FleetStores empty() {
    fleet = new SqliteFleet(directory);
    return fleet.stores();
  }

  @Override
  protected FleetStores another() {
    return fleet.stores();
  }

  @Override
  protected FleetStores reopened() {
    return fleet.reopened().stores();
  }

  @AfterEach
  void close() {
    fleet.close();
  }
}
