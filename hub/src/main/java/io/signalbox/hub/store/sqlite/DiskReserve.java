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
 * A file of no use but its size. On a full disk SQLite cannot even delete, because a deletion is
 * written to a log first; so when the disk is full, this file is given up, and what it took is kept
 * for whoever makes room: as long as the disk is full, the stores refuse whatever makes them grow.
 * That ends when there is room for the file, and as much again, so that a disk at its limit does
 * not make the hub take and refuse by turns. Both moments are one line in the log.
 *
 * <p>Threading: any thread.
 */
public final class DiskReserve {
  private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
  private static final String NAME = "reserve";

  /** Of the disk, at most one part in so many. */
  private static final int SHARE = 16;

  /** With less than this the disk counts as full; opening the stores takes about a half of it. */
  private static final long LEAST_ROOM = 4 << 20;

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
   * The reserve of a directory, to be opened before its stores: it is given up if they would find
   * no room to start. If it is missing it is made later, in {@link #check}.
   *
   * @param bytes its size; 0 for none
   */
  public static DiskReserve open(Path directory, long bytes) {
    DiskReserve reserve = new DiskReserve(directory, bytes);
    if (reserve.free() < reserve.leastRoom()) {
      reserve.giveUp();
    }
    return reserve;
  }

  /** For stores that are opened by themselves: a full disk is told, but nothing is held back. */
  public static DiskReserve none(Path directory) {
    return new DiskReserve(directory, 0);
  }

  /** Whether the disk is full: then what would make the stores grow is refused. */
  public boolean isFull() {
    return full;
  }

  /** What is told to whoever wants to make the stores grow. */
  public Refusal refusal() {
    return new Refusal(Refusal.ErrorCode.UNAVAILABLE, words());
  }

  /** So many readings were refused. */
  public void refusedReadings(int count) {
    readings.add(count);
  }

  /** So many changes of other kinds were refused. */
  public void refusedChanges(int count) {
    changes.add(count);
  }

  /**
   * Whether a failure means that the disk is full: if so, the reserve is given up. SQLite names it
   * {@code SQLITE_FULL} in the middle of a file and anything from {@code SQLITE_IOERR_SHMSIZE} to
   * {@code SQLITE_CANTOPEN} elsewhere, so it is the disk that is asked.
   */
  public boolean isBecauseFull(Throwable failure) {
    boolean mayBe = failure instanceof SQLiteException sqlite && mayBeRoom(sqlite);
    if (mayBe && free() < leastRoom()) {
      giveUp();
    }
    return mayBe && full;
  }

  /** Whether the failure is one of those that a full disk may cause. */
  private static boolean mayBeRoom(SQLiteException failure) {
    // The low byte is the primary code: an input or output error, full, cannot open.
    return switch (failure.getResultCode().code & 0xFF) {
      case 10, 13, 14 -> true;
      default -> false;
    };
  }

  /** That the disk is full, with figures, as part of a sentence. */
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

  /** Bytes that are free on the disk. */
  public long free() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE; // Who cannot be asked must not make the hub refuse.
    }
  }

  /** Bytes that the reserve holds at present. */
  public long held() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  /** How much must be free for the end of a full disk. */
  long enough() {
    return Math.max(2 * bytes, leastRoom());
  }

  /**
   * Looks whether there is room again, or for a reserve that is missing; the writer of readings
   * calls it now and then. At the end of a full disk it blocks while the reserve is written,
   * otherwise that is done aside.
   *
   * @param reusable bytes inside the stores' files that they will use before these grow
   * @return whether the disk is not full any more
   */
  public boolean check(long reusable) {
    boolean roomy = free() >= enough();
    if (roomy && held() != bytes) {
      if (full) {
        make();
      } else if (making.compareAndSet(false, true)) {
        Thread.ofPlatform().daemon().name("disk reserve").start(this::makeAside);
      }
    }
    if (full && (roomy || reusable >= enough())) {
      end();
    }
    return !full;
  }

  private void makeAside() {
    make();
    making.set(false);
  }

  private synchronized void giveUp() {
    if (full) {
      return;
    }
    String before = words();
    long held = held();
    delete();
    since = System.nanoTime();
    full = true;
    LOG.warn(
        "{}; readings and changes are refused until {} bytes are free. {}",
        before,
        grouped(enough()),
        held == 0
            ? "There is no reserve to give up"
            : "The reserve of " + grouped(held) + " bytes is given up, so deleting works");
  }

  private synchronized void end() {
    full = false;
    LOG.info(
        "The disk has room again ({} bytes free of {} at {}); it was full for {} s, in which {}"
            + " readings and {} changes were refused{}",
        grouped(free()),
        grouped(total()),
        directory.toAbsolutePath(),
        Duration.ofNanos(System.nanoTime() - since).toSeconds(),
        readings.sumThenReset(),
        changes.sumThenReset(),
        held() == bytes ? "" : ". There is no reserve until more of it is free");
  }

  private synchronized void make() {
    delete();
    if (bytes == 0 || free() < enough()) {
      return;
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] block = new byte[1 << 16];
      SplittableRandom noise = new SplittableRandom(); // A disk that compresses must not save it.
      for (long left = bytes; left > 0; left -= block.length) {
        noise.nextBytes(block);
        out.write(ByteBuffer.wrap(block, 0, (int) Math.min(block.length, left)));
      }
      out.force(true);
    } catch (IOException noRoom) {
      LOG.debug("The reserve cannot be made yet", noRoom);
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
      LOG.warn("The reserve {} cannot be given up: {}", file, notDeleted.getMessage());
    }
  }

  private long leastRoom() {
    return Math.min(LEAST_ROOM, total() / SHARE);
  }

  private long total() {
    try {
      return Files.getFileStore(directory).getTotalSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }
}
