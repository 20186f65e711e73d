package io.signalbox.hub.store.embedded;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.TwinStoreContract;
import io.signalbox.hub.store.embedded.access.ApiKeyTable;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import io.signalbox.hub.store.embedded.fleet.SessionTable;
import io.signalbox.hub.store.embedded.fleet.TwinTable;
import java.nio.file.Path;

/** A {@code hub.db} with the tables of fleet and access, which can be closed and opened again. */
public final class EmbeddedFleet implements AutoCloseable {
  private final Path directory;
  private HubDatabase database;

  public EmbeddedFleet(Path directory) {
    this.directory = directory;
    this.database = open(directory);
  }

  public HubDatabase database() {
    return database;
  }

  public FleetStores stores() {
    return new FleetStores(
        new DeviceTable(database),
        new SessionTable(database),
        new TwinTable(database, TwinStoreContract.KEPT));
  }

  public ApiKeyTable keys() {
    return new ApiKeyTable(database);
  }

  public EmbeddedFleet reopened() {
    answer(database.close());
    database = open(directory);
    return this;
  }

  @Override
  public void close() {
    answer(database.close());
  }

  private static HubDatabase open(Path directory) {
    return HubDatabase.open(directory, FleetTables.SCHEMA, ApiKeyTable.SCHEMA);
  }
}
