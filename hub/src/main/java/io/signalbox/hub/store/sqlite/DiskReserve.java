package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteException;

/**
 * Reserve file that is deleted when the disk is full. On a full disk SQLite cannot even delete
 * rows, because a deletion is first written to the log; the space of the reserve is used for
 * deletions. As long as the disk is full, the stores refuse writes that make them grow. This state
 * ends when twice the size of the reserve is free, so that a disk at its limit does not make the
 * hub alternate between accepting and refusing. The start and the end are one log line each.
 *
 * <p>Threading: any thread.
 */
public final class DiskReserve {
  private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
  private static final String NAME = "reserve";

  /** The reserve takes at most this fraction of the disk, 1/16. */
  private static final int SHARE = 16;

  /** The disk is full with fewer free bytes; opening the stores takes about half of it. */
  private static final long MIN_FREE = 4 << 20;

  private final Path directory;
  private final Path file;
  private final long bytes;
  private final LongAdder readings = new LongAdder();
  private final LongAdder changes = new LongAdder();
  private final AtomicBoolean making = new AtomicBoolean();
  private volatile boolean full;
  private long since;

  private DiskReserve(Path directory, long wanted) {
    this.directory = directory;
    this.file = directory.resolve(NAME);
    this.bytes = Math.min(wanted, total() / SHARE);
  }

  /**
   * Opens the reserve of a directory; call before opening the stores. The reserve is released if
   * the stores could not start otherwise. A missing reserve is created later, by {@link #check}.
   *
   * @param bytes size of the reserve; 0 for none
   */
  public static DiskReserve open(Path directory, long bytes) {
    DiskReserve reserve = new DiskReserve(directory, bytes);
    if (reserve.free() < reserve.minFree()) {
      reserve.release();
    }
    return reserve;
  }

  /** A reserve of size 0, which only detects a full disk. */
  public static DiskReserve none(Path directory) {
    return new DiskReserve(directory, 0);
  }

  /** Whether the disk is full; writes that make the stores grow are then refused. */
  public boolean isFull() {
    return full;
  }

  /** The refusal of writes while the disk is full. */
  public Refusal refusal() {
    return new Refusal(Refusal.ErrorCode.UNAVAILABLE, words());
  }

  /** Counts refused readings. */
  public void refusedReadings(int count) {
    readings.add(count);
  }

  /** Counts refused changes of other kinds. */
  public void refusedChanges(int count) {
    changes.add(count);
  }

  /**
   * Whether a failure is due to a full disk; if so, the reserve is released. SQLite reports {@code
   * SQLITE_FULL} or, depending on the file, other codes from {@code SQLITE_IOERR_SHMSIZE} to {@code
   * SQLITE_CANTOPEN}, so the free space of the disk decides.
   */
  public boolean isBecauseFull(Throwable failure) {
    boolean possible = failure instanceof SQLiteException sqlite && canBeDueToSpace(sqlite);
    if (possible && free() < minFree()) {
      release();
    }
    return possible && full;
  }

  /** Whether a full disk can cause this failure. */
  private static boolean canBeDueToSpace(SQLiteException failure) {
    // The low byte is the primary code: an input or output error, full, cannot open.
    return switch (failure.getResultCode().code & 0xFF) {
      case 10, 13, 14 -> true;
      default -> false;
    };
  }

  /** Description of the full disk, with free and total bytes, as part of a sentence. */
  public String words() {
    try {
      FileStore disk = Files.getFileStore(directory);
      return "the disk is full (%s bytes free of %s at %s)"
          .formatted(
              grouped(disk.getUsableSpace()),
              grouped(disk.getTotalSpace()),
              directory.toAbsolutePath());
    } catch (IOException unknown) {
      return "the disk is full (at %s)".formatted(directory.toAbsolutePath());
    }
  }

  /** Free bytes of the disk. */
  public long free() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE; // Unknown free space must not make the hub refuse writes.
    }
  }

  /** Current size of the reserve, in bytes. */
  public long held() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  /** Free bytes at which the disk is no longer full. */
  long enough() {
    return Math.max(2 * bytes, minFree());
  }

  /**
   * Checks whether there is free space again, or space for a missing reserve; the telemetry writer
   * calls it regularly. After a full disk it blocks while the reserve is written; otherwise a
   * separate thread writes it.
   *
   * @param reusable bytes in the stores' files that can be reused before the files grow
   * @return whether the disk is not full
   */
  public boolean check(long reusable) {
    boolean hasSpace = free() >= enough();
    if (hasSpace && held() != bytes) {
      if (full) {
        make();
      } else if (making.compareAndSet(false, true)) {
        Thread.ofPlatform().daemon().name("disk reserve").start(this::makeAsynchronously);
      }
    }
    if (full && (hasSpace || reusable >= enough())) {
      end();
    }
    return !full;
  }

  private void makeAsynchronously() {
    make();
    making.set(false);
  }

  private synchronized void release() {
    if (full) {
      return;
    }
    String before = words();
    long held = held();
    delete();
    since = System.nanoTime();
    full = true;
    LOG.warn(
        "Writes refused: {}; readings and changes are accepted again when {} bytes are free. {}",
        before,
        grouped(enough()),
        held == 0
            ? "No reserve was available"
            : "Reserve of " + grouped(held) + " bytes released; deletions still work");
  }

  private synchronized void end() {
    full = false;
    LOG.info(
        "Disk has free space again: {} bytes of {} free at {}; it was full for {} s, {} readings"
            + " and {} changes were refused{}",
        grouped(free()),
        grouped(total()),
        directory.toAbsolutePath(),
        Duration.ofNanos(System.nanoTime() - since).toSeconds(),
        readings.sumThenReset(),
        changes.sumThenReset(),
        held() == bytes ? "" : "; the reserve is created again when more space is free");
  }

  private synchronized void make() {
    delete();
    if (bytes == 0 || free() < enough()) {
      return;
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] block = new byte[1 << 16];
      SplittableRandom noise = new SplittableRandom(); // not compressible
      for (long left = bytes; left > 0; left -= block.length) {
        noise.nextBytes(block);
        out.write(ByteBuffer.wrap(block, 0, (int) Math.min(block.length, left)));
      }
      out.force(true);
    } catch (IOException noSpace) {
      LOG.debug("Disk reserve could not be created; will try again", noSpace);
      delete();
    }
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException notDeleted) {
      LOG.warn("Disk reserve {} could not be deleted: {}", file, notDeleted.getMessage());
    }
  }

  private long minFree() {
    return Math.min(MIN_FREE, total() / SHARE);
  }

  private long total() {
    try {
      return Files.getFileStore(directory).getTotalSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }
}
