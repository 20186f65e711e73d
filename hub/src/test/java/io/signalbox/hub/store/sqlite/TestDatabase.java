package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.store.sqlite.access.SqliteAccessStore;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.FleetSchema;
import io.signalbox.hub.store.sqlite.job.JobSchema;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import java.nio.file.Path;

/** Databases of tests with all tables that the hub has. */
public final class TestDatabase {
  private static final Schema[] SCHEMAS = {
    FleetSchema.SCHEMA,
    SqliteDeviceTypeStore.SCHEMA,
    SqliteAccessStore.SCHEMA,
    SqliteCommandStore.SCHEMA,
    JobSchema.SCHEMA,
    SqliteRecorderStore.SCHEMA
  };

  private TestDatabase() {}

  /** Opens the database in the directory. */
  public static SqliteDatabase open(Path directory) {
    return SqliteDatabase.open(directory, SCHEMAS);
  }

  /** Opens the database with a reserve for a full disk. */
  public static SqliteDatabase open(Path directory, DiskReserve disk) {
    return SqliteDatabase.open(directory, disk, SCHEMAS);
  }
}
