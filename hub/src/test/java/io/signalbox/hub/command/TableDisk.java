package io.signalbox.hub.command;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The tables that the hub has. */
final class TableDisk implements Disk, AutoCloseable {
  private final HubDatabase database;
  private int keys;

  TableDisk(Path directory) {
    database = HubDatabase.open(directory, FleetTables.SCHEMA, CommandTable.SCHEMA);
  }

  @Override
  public CommandStore commands() {
    return new CommandTable(database);
  }

  @Override
  public void register(String device) {
    Device made = new Device(device, null, null, Map.of(), true, 0);
    KeyHash key = KeyHash.of(device + " " + keys++);
    answer(new DeviceTable(database).insert(List.of(new DeviceStore.Entry(made, key))));
  }

  @Override
  public void delete(String device) {
    answer(new DeviceTable(database).delete(device));
    answer(new DeviceTable(database).deletionOver(device));
  }

  @Override
  public void close() {
    answer(database.close());
  }
}
