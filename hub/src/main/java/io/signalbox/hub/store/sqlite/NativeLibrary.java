package io.signalbox.hub.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Unpacks SQLite's native library below the data directory, once: a later start finds it there.
 * Left to itself, the driver would unpack and compare it at every start, which takes a third of a
 * second of CPU, in the system's directory for temporary files, which is mounted noexec on hardened
 * machines. To be called before SQLite is first used; {@code -Dorg.sqlite.lib.path} and {@code
 * -Dorg.sqlite.tmpdir} stay what they are.
 */
public final class NativeLibrary {
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";
  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /**
   * Puts the library into the folder {@code native} of that directory; blocks.
   *
   * @throws IllegalStateException if it cannot be written there
   */
  public static synchronized void unpackBelow(Path directory) {
    if (System.getProperty(PATH) != null || System.getProperty(TEMPORARY) != null) {
      return;
    }
    try {
      Path folder = Files.createDirectories(directory.toAbsolutePath().resolve("native"));
      String name = LibraryLoaderUtil.getNativeLibName();
      byte[] library = read(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name);
      if (library == null) {
        // A platform that the driver has no library for: it says so itself.
        System.setProperty(TEMPORARY, folder.toString());
        return;
      }
      unpack(library, folder.resolve(name));
      System.setProperty(PATH, folder.toString());
      System.setProperty(NAME, name);
    } catch (IOException unwritable) {
      throw new IllegalStateException(
          "SQLite's library cannot be unpacked below %s: %s".formatted(directory, unwritable),
          unwritable);
    }
  }

  private static byte @Nullable [] read(String resource) throws IOException {
    try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      return packed == null ? null : packed.readAllBytes();
    }
  }

  /** Leaves nothing beside it: neither another version nor what a start that was killed began. */
  private static void unpack(byte[] library, Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    for (Path other : contents(file.resolveSibling("."))) {
      if (!other.getFileName().equals(file.getFileName())) {
        Files.deleteIfExists(other);
      }
    }
    if (!Files.exists(file) || !Arrays.equals(library, Files.readAllBytes(file))) {
      Files.write(unfinished, library);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static List<Path> contents(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
