package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The file {@code hub.db}: devices, sessions, twins, commands and keys, as tables that a person can
 * read with the {@code sqlite3} shell.
 *
 * <p>Contract: what a successful {@code write} has done is on disk and survives the death of the
 * process and of the machine's power; what a failed one has done is undone, and its neighbours in
 * the same commit are not touched. Writes run one after the other in the order in which they were
 * asked for, and their futures complete in that order. A read sees one snapshot with every write
 * that had succeeded before it was asked for.
 *
 * <p>Refuses with {@code UNAVAILABLE} when the disk is full or broken, when more is queued than is
 * bearable, and once closed. A {@link Refusal} thrown by the work is the caller's answer.
 *
 * <p>Threading: any thread may call. Works run on, and futures complete on, the database's own
 * threads: what hangs on a write's future must be quick, for the next commit waits for it.
 */
public final class SqliteDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);
  private static final int MOST_QUEUED = 65_536;
  private static final int MOST_IN_A_COMMIT = 1_024;

  /** Of each kind: who looks something up never waits behind who lists. */
  private static final int READERS = 2;

  private static final int MIB = 1 << 20;

  /** Then the writer itself carries them over, before it goes on. */
  private static final int MOST_PAGES_IN_THE_LOG = 16_384;

  private final BlockingQueue<DbTask<?>> writes = new ArrayBlockingQueue<>(MOST_QUEUED);
  private final BlockingQueue<DbTask<?>> lookups = new ArrayBlockingQueue<>(MOST_QUEUED);
  private final BlockingQueue<DbTask<?>> listings = new ArrayBlockingQueue<>(MOST_QUEUED);
  private final Path file;
  private final DiskReserve disk;
  private final GroupCommitWorker writer;
  private final WalCheckpointer checkpointer;
  private final LongAdder statements = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean trying = new AtomicBoolean();
  private volatile boolean closed;

  private SqliteDatabase(Path file, DiskReserve disk) {
    this.file = file;
    this.disk = disk;
    checkpointer = new WalCheckpointer(() -> open(file));
    writer =
        new GroupCommitWorker(
            writes, () -> connect(false), MOST_IN_A_COMMIT, disk, checkpointer::committed);
    addThread("hub.db writer", writer);
    addThread("hub.db checkpoint", checkpointer);
    for (int i = 1; i <= READERS; i++) {
      addThread("hub.db lookups " + i, reader(lookups));
      addThread("hub.db listings " + i, reader(listings));
    }
  }

  private GroupCommitWorker reader(BlockingQueue<DbTask<?>> queue) {
    return new GroupCommitWorker(queue, () -> connect(true), 1, disk, () -> {});
  }

  /**
   * Opens the database in that directory, which must exist and be this hub's alone, and brings its
   * tables up to date; blocks.
   *
   * @param disk what is done about a full disk
   * @throws IllegalStateException if the file is of a newer program or cannot be opened
   */
  public static SqliteDatabase open(Path directory, DiskReserve disk, Schema... schemas) {
    NativeLibrary.unpackBelow(directory);
    Path file = directory.resolve("hub.db");
    SqliteDatabase database = new SqliteDatabase(file, disk);
    try {
      Migration.bringUpToDate(database.connect(false), schemas);
    } catch (SQLException failed) {
      String why = disk.isBecauseFull(failed) ? disk.words() : failed.getMessage();
      throw new IllegalStateException(file + " cannot be opened: " + why, failed);
    }
    database.threads.forEach(Thread::start);
    return database;
  }

  /** The same without a reserve. */
  public static SqliteDatabase open(Path directory, Schema... schemas) {
    return open(directory, DiskReserve.none(directory), schemas);
  }

  /** Something to do within a transaction. It may fail with anything; refusals are answers. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Sql sql) throws SQLException;
  }

  /** Changes the database; succeeds when the change is on disk. Refused while the disk is full. */
  public <T> Future<T> write(Work<T> work) {
    if (disk.isFull()) {
      disk.refusedChanges(1);
      return Future.failedFuture(disk.refusal());
    }
    return enqueue(writes, work);
  }

  /**
   * The same also while the disk is full, out of what is left of the reserve: for what makes room,
   * and for what does not make the database grow without bound.
   */
  public <T> Future<T> writeAlways(Work<T> work) {
    return enqueue(writes, work);
  }

  /** Looks a few rows up by an index, beside the writer. */
  public <T> Future<T> read(Work<T> work) {
    return enqueue(lookups, work);
  }

  /**
   * Reads what may take its time, as a page of a list or a count, beside the writer and on readers
   * of its own: however many of these wait, a {@link #read} does not wait behind them.
   */
  public <T> Future<T> list(Work<T> work) {
    return enqueue(listings, work);
  }

  /** How many statements were run since it was opened. */
  public long statements() {
    return statements.sum();
  }

  /**
   * Whether what was last written could be: false while the disk is full or broken. To ask is to
   * have it tried again, as a hub that says it is not ready may have nobody else who writes.
   */
  public boolean isWritable() {
    boolean writable = writer.isHealthy() && !disk.isFull();
    if (!writable && trying.compareAndSet(false, true)) {
      writeAlways(sql -> sql.update("UPDATE schema_version SET version = version"))
          .onComplete(tried -> trying.set(false));
    }
    return writable;
  }

  /** Finishes what is queued, refuses what comes later, and lets go of the files. */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    closed = true;
    Thread.ofPlatform().name("hub.db closing").start(() -> finish(done));
    return done.future();
  }

  private void finish(Promise<Void> done) {
    try {
      checkpointer.close();
      writes.put(GroupCommitWorker.CLOSE);
      for (int i = 0; i < READERS; i++) {
        lookups.put(GroupCommitWorker.CLOSE);
        listings.put(GroupCommitWorker.CLOSE);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      foldIn();
      refuseLatecomers(writes);
      refuseLatecomers(lookups);
      refuseLatecomers(listings);
      done.tryComplete();
    } catch (InterruptedException | RuntimeException failed) {
      done.tryFail(failed);
    }
  }

  /**
   * Leaves one file. SQLite takes the log into the file when the last connection is closed, but of
   * two that are closed at the same moment neither is the last: so one more is closed alone.
   */
  private void foldIn() {
    try (Connection alone = open(file);
        Statement pragma = alone.createStatement()) {
      pragma.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException later) {
      LOG.warn("The log of {} stays beside it until the next start: {}", file, later.getMessage());
    }
  }

  private <T> Future<T> enqueue(BlockingQueue<DbTask<?>> queue, Work<T> work) {
    DbTask<T> entry = new DbTask<>(work);
    if (closed) {
      return Future.failedFuture(refusal("the store is closed"));
    }
    if (!queue.offer(entry)) {
      return Future.failedFuture(refusal("the store is behind with " + MOST_QUEUED + " changes"));
    }
    if (closed && queue.remove(entry)) {
      entry.refuse(refusal("the store is closed"));
    }
    return entry.future();
  }

  private static void refuseLatecomers(BlockingQueue<DbTask<?>> queue) {
    List<DbTask<?>> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(entry -> entry.refuse(refusal("the store is closed")));
  }

  private static Refusal refusal(String detail) {
    return new Refusal(Refusal.ErrorCode.UNAVAILABLE, detail);
  }

  private void addThread(String name, Runnable work) {
    threads.add(Thread.ofPlatform().name(name).daemon().unstarted(work));
  }

  private Sql connect(boolean onlyToRead) throws SQLException {
    Connection connection = open(file);
    try (Statement pragma = connection.createStatement()) {
      if (onlyToRead) {
        pragma.execute("PRAGMA query_only = true");
      }
      pragma.execute("PRAGMA wal_autocheckpoint = " + MOST_PAGES_IN_THE_LOG);
      connection.setAutoCommit(false);
      return new Sql(connection, statements);
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  private static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(5_000);
    config.setJournalSizeLimit(64 * MIB);
    return config.createConnection("jdbc:sqlite:" + file);
  }
}
