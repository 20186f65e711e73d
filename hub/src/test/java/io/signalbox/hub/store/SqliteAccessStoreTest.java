package io.signalbox.hub.store;

import io.signalbox.hub.access.AccessStore;
import io.signalbox.hub.store.sqlite.SqliteFleet;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SqliteAccessStoreTest extends AccessStoreContract {
  @TempDir Path directory;
  private SqliteFleet fleet;

  @Override
  protected AccessStore empty() {
    fleet = new SqliteFleet(directory);
    return fleet.keys();
  }

  @Override
  protected AccessStore second() {
    return fleet.keys();
  }

  @AfterEach
  void close() {
    fleet.close();
  }
}
