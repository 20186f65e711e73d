package io.signalbox.hub.store.embedded.job;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.store.JobStoreFixture.Stores;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Jobs and commands in one database, which can be killed. */
final class EmbeddedJobs {
  private final List<HubDatabase> opened = new ArrayList<>();
  private int lives;

  Stores open(Path scratch) {
    try {
      Path directory = Files.createDirectories(life(scratch));
      HubDatabase database =
          HubDatabase.open(directory, FleetTables.SCHEMA, CommandTable.SCHEMA, JobTables.SCHEMA);
      opened.add(database);
      return new Stores(
          new EmbeddedJobStore(database), new CommandTable(database), new DeviceTable(database));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A copy of the files as they are now is what a killed process leaves behind. */
  void kill(Path scratch) {
    try {
      Path before = life(scratch);
      lives++;
      Files.createDirectory(life(scratch));
      Files.copy(before.resolve("hub.db"), life(scratch).resolve("hub.db"));
      Files.copy(before.resolve("hub.db-wal"), life(scratch).resolve("hub.db-wal"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Path life(Path scratch) {
    return scratch.resolve("life " + lives);
  }

  void close() {
    opened.forEach(database -> answer(database.close()));
  }
}
