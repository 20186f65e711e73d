package io.signalbox.hub;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.access.SqliteAccessStore;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.FleetSchema;
import io.signalbox.hub.store.sqlite.job.JobSchema;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The stores, in the data directory that is locked while they are open. */
final class Stores {
  private final DataDirectory directory;
  private final DiskReserve disk;
  private final SqliteDatabase database;
  private final TelemetryStore telemetry;

  private Stores(
      DataDirectory directory,
      DiskReserve disk,
      SqliteDatabase database,
      TelemetryStore telemetry) {
    this.directory = directory;
    this.disk = disk;
    this.database = database;
    this.telemetry = telemetry;
  }

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
      return new Stores(directory, disk, database, telemetry);
    } catch (IOException | IllegalStateException unusable) {
      String full = disk.isFull() ? disk.words() + ", and the disk reserve is used up: " : "";
      throw new StartupException(StartupException.IO, "data: " + full + unusable.getMessage());
    }
  }

  DiskReserve disk() {
    return disk;
  }

  /** The fault of the stores in a sentence; null if there is none. */
  @Nullable String fault() {
    boolean writable = database.isWritable();
    if (disk.isFull()) {
      return disk.words();
    }
    String telemetryFault = telemetry.trouble();
    return telemetryFault != null || writable ? telemetryFault : "the database is not writable";
  }

  SqliteDatabase database() {
    return database;
  }

  TelemetryStore telemetry() {
    return telemetry;
  }

  /** Writes pending data, closes the files and releases the directory. */
  Future<Void> close() {
    return telemetry.close().eventually(database::close).eventually(directory::release);
  }
}
