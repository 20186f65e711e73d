package io.signalbox.hub;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory, locked for this hub: two hubs on one store would each take their own
 * acknowledgements for all of them. The lock is an operating system file lock, so it ends with the
 * process, however the process ends.
 */
final class DataDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Creates the directory if it is missing, and locks it. */
  static DataDirectory acquire(Path path) {
    try {
      Files.createDirectories(path);
      return lock(path);
    } catch (IOException unusable) {
      throw new StartupException(
          StartupException.IO,
          "data: %s cannot be written (%s); choose another with --data"
              .formatted(path, unusable.getClass().getSimpleName()));
    }
  }

  Path path() {
    return path;
  }

  /** Releases the lock. */
  Future<Void> release() {
    try {
      lockFile.close();
      return Future.succeededFuture();
    } catch (IOException notReleased) {
      return Future.failedFuture(notReleased);
    }
  }

  private static DataDirectory lock(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = tryLock(file);
    if (lock == null) {
      String owner = read(file);
      file.close();
      throw new StartupException(
          StartupException.IO,
          "data: %s is in use by another hub (process %s)".formatted(path, owner));
    }
    name(file, ProcessHandle.current().pid() + "\n");
    return new DataDirectory(path, file);
  }

  /** The owner's process id helps operators, but on a full disk it cannot be written. */
  private static void name(FileChannel file, String pid) {
    try {
      file.write(StandardCharsets.US_ASCII.encode(pid), 0);
      file.truncate(pid.length());
    } catch (IOException diskFull) {
      LOG.debug("Process id not written to the lock file", diskFull);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  private static String read(FileChannel file) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    file.read(pid, 0);
    return StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
  }
}
