package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.devicetype.DeviceTypeStore;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SqliteDeviceTypeStoreTest extends DeviceTypeStoreContract {
  @TempDir Path directory;
  private SqliteDatabase database;

  @Override
  protected DeviceTypeStore empty() {
    database = SqliteDatabase.open(directory, SqliteDeviceTypeStore.SCHEMA);
    return new SqliteDeviceTypeStore(database);
  }

  @Override
  protected DeviceTypeStore second() {
    return new SqliteDeviceTypeStore(database);
  }

  @AfterEach
  void close() {
    answer(database.close());
  }
}
