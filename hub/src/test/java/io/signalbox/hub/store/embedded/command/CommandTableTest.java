package io.signalbox.hub.store.embedded.command;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.store.CommandStoreContract;
import io.signalbox.hub.store.embedded.HubDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class CommandTableTest extends CommandStoreContract {
  private final List<HubDatabase> opened = new ArrayList<>();
  @TempDir private Path scratch;
  private int lives;

  @Override
  protected CommandStore open() {
    try {
      Path directory = Files.createDirectories(life());
      HubDatabase database = HubDatabase.open(directory, CommandTable.SCHEMA);
      opened.add(database);
      return new CommandTable(database);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A copy of the files as they are now is what a killed process leaves behind. */
  @Override
  protected void kill() {
    try {
      Path before = life();
      lives++;
      Files.createDirectory(life());
      Files.copy(before.resolve("hub.db"), life().resolve("hub.db"));
      Files.copy(before.resolve("hub.db-wal"), life().resolve("hub.db-wal"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Path life() {
    return scratch.resolve("life " + lives);
  }

  @AfterEach
  void close() {
    opened.forEach(database -> answer(database.close()));
  }
}
