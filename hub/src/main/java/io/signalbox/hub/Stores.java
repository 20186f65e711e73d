package io.signalbox.hub;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.embedded.DiskReserve;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.access.ApiKeyTable;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import io.signalbox.hub.store.embedded.job.JobTables;
import io.signalbox.hub.store.embedded.recorder.RecorderTable;
import io.signalbox.hub.store.embedded.telemetry.EmbeddedTelemetryStore;
import io.vertx.core.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Everything that is kept, in the data directory that this hub holds while they are open. */
final class Stores {
  private final DataDirectory directory;
  private final DiskReserve disk;
  private final HubDatabase database;
  private final EmbeddedTelemetryStore telemetry;

  private Stores(
      DataDirectory directory,
      DiskReserve disk,
      HubDatabase database,
      EmbeddedTelemetryStore telemetry) {
    this.directory = directory;
    this.disk = disk;
    this.database = database;
    this.telemetry = telemetry;
  }

  /** Opens the stores; blocks while what was not tidied away at the last end is replayed. */
  static Stores open(HubConfig config, HubClock clock) {
    DataDirectory directory = DataDirectory.take(config.data());
    DiskReserve disk = DiskReserve.open(directory.path(), config.disk().reserveBytes());
    try {
      HubDatabase database =
          HubDatabase.open(
              directory.path(),
              disk,
              FleetTables.SCHEMA,
              ApiKeyTable.SCHEMA,
              CommandTable.SCHEMA,
              JobTables.SCHEMA,
              RecorderTable.SCHEMA);
      EmbeddedTelemetryStore telemetry =
          EmbeddedTelemetryStore.open(directory.path(), config.telemetry(), disk, clock);
      return new Stores(directory, disk, database, telemetry);
    } catch (IOException | IllegalStateException unusable) {
      String full = disk.isFull() ? disk.words() + ", and there is no reserve to start on: " : "";
      throw new StartFailure(StartFailure.IO, "data: " + full + unusable.getMessage());
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

  HubDatabase database() {
    return database;
  }

  EmbeddedTelemetryStore telemetry() {
    return telemetry;
  }

  /** Writes what is still open and lets go of the files. */
  Future<Void> close() {
    return telemetry.close().eventually(database::close).eventually(directory::release);
  }
}
