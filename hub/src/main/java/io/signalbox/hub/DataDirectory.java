package io.signalbox.hub;

import io.signalbox.hub.store.sqlite.LockFile;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The data directory, locked for this hub: two hubs on one store would each take their own
 * acknowledgements for all of them.
 */
final class DataDirectory {
  private final Path path;
  private final LockFile lock;

  private DataDirectory(Path path, LockFile lock) {
    this.path = path;
    this.lock = lock;
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
      lock.close();
      return Future.succeededFuture();
    } catch (IOException notReleased) {
      return Future.failedFuture(notReleased);
    }
  }

  private static DataDirectory lock(Path path) throws IOException {
    Path file = path.resolve("lock");
    LockFile lock = LockFile.acquire(file);
    if (lock == null) {
      throw new StartupException(
          StartupException.IO,
          "data: %s is in use by another hub (process %s)".formatted(path, LockFile.owner(file)));
    }
    lock.writeOwner();
    return new DataDirectory(path, lock);
  }
}
