package io.signalbox.hub.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory in which a hub keeps everything: made if missing, and held by one hub at a time, as
 * two would hand out the same epochs.
 */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the directory if need be and takes hold of it.
   *
   * @throws IllegalStateException if another hub holds it
   * @throws UncheckedIOException if it cannot be made or written
   */
  public static DataDirectory hold(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel lock = lock(path.resolve("hub.lock"));
      unpackNativesInto(path.resolve("native"));
      return new DataDirectory(path, lock);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("The data directory cannot be used: " + path, unwritable);
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      // The same answer as for another process.
    }
    channel.close();
    throw new IllegalStateException(
        "Another hub is running on the data directory " + file.getParent());
  }

  /**
   * SQLite's native library is unpacked into the data directory, as the system's directory for
   * temporary files is mounted noexec on hardened machines. A killed hub leaves its copy behind.
   */
  private static void unpackNativesInto(Path directory) throws IOException {
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      Files.createDirectories(directory);
      for (Path leftover : contents(directory)) {
        Files.deleteIfExists(leftover);
      }
      System.setProperty("org.sqlite.tmpdir", directory.toString());
    }
  }

  private static List<Path> contents(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Lets another hub have it. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
