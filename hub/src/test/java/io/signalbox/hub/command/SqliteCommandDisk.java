package io.signalbox.hub.command;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The tables of the hub. */
final class SqliteCommandDisk implements CommandDisk, AutoCloseable {
  private final SqliteDatabase database;
  private int keys;

  SqliteCommandDisk(Path directory) {
    database = TestDatabase.open(directory);
  }

  @Override
  public CommandStore commands() {
    return new SqliteCommandStore(database);
  }

  @Override
  public void register(String device) {
    Device made = new Device(device, null, null, Map.of(), true, 0);
    KeyHash key = KeyHash.of(device + " " + keys++);
    answer(
        new SqliteDeviceStore(database)
            .insert(List.of(new DeviceStore.Entry(made, key)), ignored -> {}));
  }

  @Override
  public void delete(String device) {
    answer(new SqliteDeviceStore(database).delete(device, () -> {}));
    answer(new SqliteDeviceStore(database).deletionOver(device));
  }

  @Override
  public void close() {
    answer(database.close());
  }
}
