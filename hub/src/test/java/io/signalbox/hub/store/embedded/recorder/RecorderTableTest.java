package io.signalbox.hub.store.embedded.recorder;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.recorder.RecorderStore;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.RecorderStoreContract;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import io.signalbox.hub.store.embedded.fleet.SessionTable;
import io.signalbox.hub.store.embedded.fleet.TwinTable;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class RecorderTableTest extends RecorderStoreContract {
  @TempDir private Path directory;
  private HubDatabase database;
  private HubDatabase devices;

  @Override
  protected FleetStores fleet() {
    database = HubDatabase.open(directory, FleetTables.SCHEMA, RecorderTable.SCHEMA);
    devices = HubDatabase.open(directory, FleetTables.SCHEMA, RecorderTable.SCHEMA);
    return new FleetStores(
        new DeviceTable(devices), new SessionTable(devices), new TwinTable(devices, 100));
  }

  @Override
  protected RecorderStore open() {
    answer(database.close());
    database = HubDatabase.open(directory, FleetTables.SCHEMA, RecorderTable.SCHEMA);
    return new RecorderTable(database, KEEP);
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(devices.close());
  }
}
