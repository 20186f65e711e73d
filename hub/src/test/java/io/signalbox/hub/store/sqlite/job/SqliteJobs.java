package io.signalbox.hub.store.sqlite.job;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.store.JobStoreFixture.Stores;
import io.signalbox.hub.store.sqlite.CrashCopy;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Jobs and commands in one database that can simulate a crash. */
final class SqliteJobs {
  private final List<SqliteDatabase> opened = new ArrayList<>();
  private int lives;

  Stores open(Path scratch) {
    try {
      Path directory = Files.createDirectories(life(scratch));
      SqliteDatabase database = TestDatabase.open(directory);
      opened.add(database);
      return openSecond();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** New instances on the database that was opened last. */
  Stores openSecond() {
    SqliteDatabase database = opened.getLast();
    return new Stores(
        new SqliteJobStore(database),
        new SqliteCommandStore(database),
        new SqliteDeviceStore(database));
  }

  /** Number of statements executed so far on the database that was opened last. */
  long statements() {
    return opened.getLast().statements();
  }

  /** Simulates a crash: continues with a copy of the current files. */
  void kill(Path scratch) {
    Path before = life(scratch);
    lives++;
    CrashCopy.of(before, life(scratch));
  }

  private Path life(Path scratch) {
    return scratch.resolve("life " + lives);
  }

  void close() {
    opened.forEach(database -> answer(database.close()));
  }
}
