package io.signalbox.hub.store.sqlite;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.TwinStoreContract;
import io.signalbox.hub.store.sqlite.access.SqliteAccessStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import java.nio.file.Path;

/** Test database with the tables of fleet and access, which can be closed and reopened. */
public final class SqliteFleet implements AutoCloseable {
  private final Path directory;
  private SqliteDatabase database;

  public SqliteFleet(Path directory) {
    this.directory = directory;
    this.database = open(directory);
  }

  public SqliteDatabase database() {
    return database;
  }

  public FleetStores stores() {
    return new FleetStores(
        new SqliteDeviceStore(database),
        new SqliteSessionStore(database),
        new SqliteTwinStore(database, TwinStoreContract.KEPT));
  }

  public SqliteAccessStore keys() {
    return new SqliteAccessStore(database);
  }

  public SqliteFleet reopened() {
    answer(database.close());
    database = open(directory);
    return this;
  }

  @Override
  public void close() {
    answer(database.close());
  }

  private static SqliteDatabase open(Path directory) {
    return TestDatabase.open(directory);
  }
}
