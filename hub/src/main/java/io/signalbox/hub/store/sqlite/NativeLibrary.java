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
 * Installer of SQLite's native library in the data directory, for reuse by later starts. The driver
 * itself would unpack and compare the library at every start, which takes a third of a second of
 * CPU, in the directory for temporary files, which is mounted noexec on hardened machines. Call it
 * before the first use of SQLite; {@code -Dorg.sqlite.lib.path} and {@code -Dorg.sqlite.tmpdir}
 * take precedence.
 */
public final class NativeLibrary {
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";
  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /**
   * Unpacks the library into the subdirectory {@code native}; blocks.
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
        // The driver has no library for this platform, and reports it itself.
        System.setProperty(TEMPORARY, folder.toString());
        return;
      }
      unpack(library, folder.resolve(name));
      System.setProperty(PATH, folder.toString());
      System.setProperty(NAME, name);
    } catch (IOException unwritable) {
      throw new IllegalStateException(
          "cannot unpack the SQLite library in %s: %s".formatted(directory, unwritable),
          unwritable);
    }
  }

  private static byte @Nullable [] read(String resource) throws IOException {
    try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      return packed == null ? null : packed.readAllBytes();
    }
  }

  /** Writes the library and deletes all other files: older versions and unfinished copies. */
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
