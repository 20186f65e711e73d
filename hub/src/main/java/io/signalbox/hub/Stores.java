package io.signalbox.hub;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.access.ApiKeyTable;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import io.signalbox.hub.store.embedded.job.JobTables;
import io.signalbox.hub.store.embedded.recorder.RecorderTable;
import io.signalbox.hub.store.embedded.telemetry.EmbeddedTelemetryStore;
import io.vertx.core.Future;
import java.io.IOException;

/** Everything that is kept, in the data directory that this hub holds while they are open. */
final class Stores {
  private final DataDirectory directory;
  private final HubDatabase database;
  private final EmbeddedTelemetryStore telemetry;

  private Stores(DataDirectory directory, HubDatabase database, EmbeddedTelemetryStore telemetry) {
    this.directory = directory;
    this.database = database;
    this.telemetry = telemetry;
  }

  /** Opens the stores; blocks while what was not tidied away at the last end is replayed. */
  static Stores open(HubConfig config, HubClock clock) {
    DataDirectory directory = DataDirectory.take(config.data());
    try {
      HubDatabase database =
          HubDatabase.open(
              directory.path(),
              FleetTables.SCHEMA,
              ApiKeyTable.SCHEMA,
              CommandTable.SCHEMA,
              JobTables.SCHEMA,
              RecorderTable.SCHEMA);
      EmbeddedTelemetryStore telemetry =
          EmbeddedTelemetryStore.open(directory.path(), config.telemetry(), clock);
      return new Stores(directory, database, telemetry);
    } catch (IOException | IllegalStateException unusable) {
      throw new StartFailure(StartFailure.IO, "data: " + unusable.getMessage());
    }
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
