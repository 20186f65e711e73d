package io.signalbox.hub;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.access.SqliteAccessStore;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.FleetSchema;
import io.signalbox.hub.store.sqlite.job.JobSchema;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.vertx.core.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Everything that is kept, in the data directory that this hub holds while they are open. */
final class Stores {
  private final DataDirectory directory;
  private final DiskReserve disk;
  private final SqliteDatabase database;
  private final SqliteTelemetryStore telemetry;

  private Stores(
      DataDirectory directory,
      DiskReserve disk,
      SqliteDatabase database,
      SqliteTelemetryStore telemetry) {
    this.directory = directory;
    this.disk = disk;
    this.database = database;
    this.telemetry = telemetry;
  }

  /** Opens the stores; blocks while what was not tidied away at the last end is replayed. */
  static Stores open(HubConfig config, HubClock clock) {
    DataDirectory directory = DataDirectory.acquire(config.data());
    DiskReserve disk = DiskReserve.open(directory.path(), config.disk().reserveBytes());
    try {
      SqliteDatabase database =
          SqliteDatabase.open(
              directory.path(),
              disk,
              FleetSchema.SCHEMA,
              SqliteAccessStore.SCHEMA,
              SqliteCommandStore.SCHEMA,
              JobSchema.SCHEMA,
              SqliteRecorderStore.SCHEMA);
      SqliteTelemetryStore telemetry =
          SqliteTelemetryStore.open(directory.path(), config.telemetry(), disk, clock);
      return new Stores(directory, disk, database, telemetry);
    } catch (IOException | IllegalStateException unusable) {
      String full = disk.isFull() ? disk.words() + ", and there is no reserve to start on: " : "";
      throw new StartupException(StartupException.IO, "data: " + full + unusable.getMessage());
    }
  }

  DiskReserve disk() {
    return disk;
  }

  /** What is wrong with the stores, in a sentence; null if nothing is. */
  @Nullable String trouble() {
    boolean writable = database.isWritable();
    if (disk.isFull()) {
      return disk.words();
    }
    String readings = telemetry.trouble();
    return readings != null || writable ? readings : "the store does not work";
  }

  SqliteDatabase database() {
    return database;
  }

  SqliteTelemetryStore telemetry() {
    return telemetry;
  }

  /** Writes what is still open and lets go of the files. */
  Future<Void> close() {
    return telemetry.close().eventually(database::close).eventually(directory::release);
  }
}
