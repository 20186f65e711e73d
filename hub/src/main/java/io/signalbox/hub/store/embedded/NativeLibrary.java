package io.signalbox.hub.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * SQLite's native library is unpacked below the data directory, as the system's directory for
 * temporary files is mounted noexec on hardened machines. To be called before SQLite is first used;
 * a folder set with {@code -Dorg.sqlite.tmpdir} stays what it is.
 */
public final class NativeLibrary {
  private static final String PROPERTY = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /** Makes the folder {@code native} in the hub's own directory the place to unpack it in. */
  public static synchronized void unpackBelow(Path directory) {
    try {
      if (System.getProperty(PROPERTY) == null) {
        Path folder = Files.createDirectories(directory.resolve("native"));
        removeLeftovers(folder);
        System.setProperty(PROPERTY, folder.toString());
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** A hub that was killed has left its copy behind. */
  private static void removeLeftovers(Path folder) throws IOException {
    for (Path leftover : contents(folder)) {
      Files.deleteIfExists(leftover);
    }
  }

  private static List<Path> contents(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
