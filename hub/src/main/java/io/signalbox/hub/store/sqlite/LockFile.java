package io.signalbox.hub.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * File in the data directory that one process at a time has locked. The lock is an operating system
 * file lock, so it ends with the process, however the process ends.
 *
 * <p>Threading: any thread.
 */
public final class LockFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockFile.class);

  private final FileChannel channel;

  private LockFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Creates the file if it is missing, and locks it; null if it is locked already. */
  public static @Nullable LockFile acquire(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (isFree(channel)) {
      return new LockFile(channel);
    }
    channel.close();
    return null;
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null; // Held until the channel is closed or the process ends.
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  /** Writes the id of this process, which helps operators; on a full disk that is not possible. */
  public void writeOwner() {
    String pid = ProcessHandle.current().pid() + "\n";
    try {
      channel.write(StandardCharsets.US_ASCII.encode(pid), 0);
      channel.truncate(pid.length());
    } catch (IOException diskFull) {
      LOG.debug("Process id not written to the lock file", diskFull);
    }
  }

  /** The id of the process that has locked the file, if it has written it. */
  public static String owner(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer pid = ByteBuffer.allocate(20);
      channel.read(pid, 0);
      return StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
    }
  }

  /** Releases the lock. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
