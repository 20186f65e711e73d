package io.signalbox.hub.store.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copy of a database's current files, which equal those after a crash. */
public final class CrashCopy {
  private CrashCopy() {}

  /**
   * Copies {@code hub.db} and its log to a new directory, and returns that; no checkpoint may run
   * meanwhile.
   */
  public static Path of(Path directory, Path copy) {
    try {
      Files.createDirectory(copy);
      Files.copy(directory.resolve("hub.db"), copy.resolve("hub.db"));
      Files.copy(directory.resolve("hub.db-wal"), copy.resolve("hub.db-wal"));
      return copy;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
