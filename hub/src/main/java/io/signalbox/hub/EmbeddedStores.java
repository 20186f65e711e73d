package io.signalbox.hub;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.access.SqliteAccessStore;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.FleetSchema;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import io.signalbox.hub.store.sqlite.job.JobSchema;
import io.signalbox.hub.store.sqlite.job.SqliteJobStore;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The embedded stores: SQLite files in the data directory, which is locked while they are open. */
final class EmbeddedStores {
  private EmbeddedStores() {}

  /** Opens the stores; blocks while the journal is replayed. */
  static Stores open(HubConfig config, HubClock clock) {
    DataDirectory directory = DataDirectory.acquire(config.data());
    DiskReserve disk = DiskReserve.open(directory.path(), config.disk().reserveBytes());
    try {
      SqliteDatabase database =
          SqliteDatabase.open(
              directory.path(),
              disk,
              FleetSchema.SCHEMA,
              SqliteDeviceTypeStore.SCHEMA,
              SqliteAccessStore.SCHEMA,
              SqliteCommandStore.SCHEMA,
              JobSchema.SCHEMA,
              SqliteRecorderStore.SCHEMA);
      TelemetryStore telemetry =
          SqliteTelemetryStore.open(directory.path(), config.telemetry(), disk, clock);
      return on(directory, disk, database, telemetry, config);
    } catch (IOException | IllegalStateException unusable) {
      String full = disk.isFull() ? disk.words() + ", and the disk reserve is used up: " : "";
      throw new StartupException(StartupException.IO, "data: " + full + unusable.getMessage());
    }
  }

  private static Stores on(
      DataDirectory directory,
      DiskReserve disk,
      SqliteDatabase database,
      TelemetryStore telemetry,
      HubConfig config) {
    return new Stores(
        new SqliteDeviceStore(database),
        new SqliteDeviceTypeStore(database),
        new SqliteDescriptionStore(database),
        SqliteSessionStore.ofOnlyNode(database),
        new SqliteTwinStore(database, config.fleet().twinHistory()),
        new SqliteCommandStore(database),
        new SqliteJobStore(database),
        new SqliteRecorderStore(database, config.recorder().entriesPerDevice()),
        new SqliteAccessStore(database),
        telemetry,
        disk,
        () -> fault(disk, database, telemetry),
        () -> telemetry.close().eventually(database::close).eventually(directory::release));
  }

  private static @Nullable String fault(
      DiskReserve disk, SqliteDatabase database, TelemetryStore telemetry) {
    boolean writable = database.isWritable();
    if (disk.isFull()) {
      return disk.words();
    }
    String telemetryFault = telemetry.trouble();
    return telemetryFault != null || writable ? telemetryFault : "the database is not writable";
  }
}
