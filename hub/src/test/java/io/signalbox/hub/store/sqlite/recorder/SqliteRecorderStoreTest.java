package io.signalbox.hub.store.sqlite.recorder;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.recorder.RecorderStore;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.RecorderStoreContract;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SqliteRecorderStoreTest extends RecorderStoreContract {
  @TempDir private Path directory;
  private SqliteDatabase database;
  private SqliteDatabase devices;

  @Override
  protected FleetStores fleet() {
    database = TestDatabase.open(directory);
    devices = TestDatabase.open(directory);
    return new FleetStores(
        new SqliteDeviceStore(devices),
        new SqliteSessionStore(devices),
        new SqliteTwinStore(devices, 100));
  }

  @Override
  protected RecorderStore open() {
    answer(database.close());
    database = TestDatabase.open(directory);
    return new SqliteRecorderStore(database, KEEP);
  }

  @Override
  protected RecorderStore second() {
    return new SqliteRecorderStore(devices, KEEP);
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(devices.close());
  }
}
