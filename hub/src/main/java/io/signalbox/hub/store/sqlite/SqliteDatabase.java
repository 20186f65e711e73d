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
import org.sqlite.SQLiteConfig.TempStore;

/**
 * The database {@code hub.db} with devices, sessions, twins, commands and keys, in tables that can
 * be read with the {@code sqlite3} shell.
 *
 * <p>A successful {@code write} is durable: it survives a crash of the process and a power failure.
 * A failed one is rolled back without affecting others in the same commit. Writes run in the order
 * of the calls, and their futures complete in that order. A read sees one snapshot, which includes
 * every write that had succeeded before the call.
 *
 * <p>Calls fail with {@code UNAVAILABLE} if the disk is full or has failed, if the queue is full,
 * and after {@link #close}. A {@link Refusal} thrown by the work is passed to the caller.
 *
 * <p>Threading: methods can be called from any thread. Works run and futures complete on the
 * database's threads; listeners of a write's future must be fast, because they delay the next
 * commit.
 */
public final class SqliteDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);
  private static final int MAX_QUEUED = 65_536;
  private static final int MAX_COMMIT = 1_024;

  /** Threads per kind of read; lookups never wait for lists. */
  private static final int READERS = 2;

  private static final int MIB = 1 << 20;

  /** Size of the WAL, in pages, at which the writer itself checkpoints. */
  private static final int AUTO_CHECKPOINT_PAGES = 16_384;

  private final BlockingQueue<DbTask<?>> writes = new ArrayBlockingQueue<>(MAX_QUEUED);
  private final BlockingQueue<DbTask<?>> lookups = new ArrayBlockingQueue<>(MAX_QUEUED);
  private final BlockingQueue<DbTask<?>> listings = new ArrayBlockingQueue<>(MAX_QUEUED);
  private final Path file;
  private final DiskReserve disk;
  private final GroupCommitWorker writer;
  private final WalCheckpointer checkpointer;
  private final LongAdder statements = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile boolean closed;

  private SqliteDatabase(Path file, DiskReserve disk) {
    this.file = file;
    this.disk = disk;
    checkpointer = new WalCheckpointer(() -> open(file));
    writer =
        new GroupCommitWorker(
            writes, () -> connect(false), MAX_COMMIT, disk, checkpointer::committed);
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
   * Opens the database in a directory, which must exist and be used by this hub only, and migrates
   * its tables; blocks.
   *
   * @param disk the reserve for a full disk
   * @throws IllegalStateException if a newer version wrote the file or it cannot be opened
   */
  public static SqliteDatabase open(Path directory, DiskReserve disk, Schema... schemas) {
    NativeLibrary.unpackBelow(directory);
    Path file = directory.resolve("hub.db");
    SqliteDatabase database = new SqliteDatabase(file, disk);
    try {
      Migration.migrate(database.connect(false), schemas);
    } catch (SQLException failed) {
      String why = disk.isBecauseFull(failed) ? disk.words() : failed.getMessage();
      throw new IllegalStateException("cannot open " + file + ": " + why, failed);
    }
    database.threads.forEach(Thread::start);
    return database;
  }

  /** Opens the database without a reserve. */
  public static SqliteDatabase open(Path directory, Schema... schemas) {
    return open(directory, DiskReserve.none(directory), schemas);
  }

  /** Work in a transaction. Any exception rolls it back; refusals are passed to the caller. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Sql sql) throws SQLException;
  }

  /** Writes; succeeds when the change is durable. Refused while the disk is full. */
  public <T> Future<T> write(Work<T> work) {
    if (disk.isFull()) {
      disk.refusedChanges(1);
      return Future.failedFuture(disk.refusal());
    }
    return enqueue(writes, work);
  }

  /**
   * Writes even while the disk is full, using the space of the reserve. For changes that free space
   * or do not make the database grow without bound.
   */
  public <T> Future<T> writeAlways(Work<T> work) {
    return enqueue(writes, work);
  }

  /** Reads a few rows by an index, concurrently with the writer. */
  public <T> Future<T> read(Work<T> work) {
    return enqueue(lookups, work);
  }

  /**
   * Runs a longer query, such as a page of a list or a count, concurrently with the writer. It has
   * separate threads, so that a {@link #read} never waits for it.
   */
  public <T> Future<T> list(Work<T> work) {
    return enqueue(listings, work);
  }

  /** Number of statements executed since the start. */
  public long statements() {
    return statements.sum();
  }

  /**
   * Whether the last write succeeded: false while the disk is full or has failed. If false, the
   * call starts a test write, because a hub that is not ready may receive no other writes.
   */
  public boolean isWritable() {
    boolean writable = writer.isHealthy() && !disk.isFull();
    if (!writable && probing.compareAndSet(false, true)) {
      writeAlways(sql -> sql.update("UPDATE schema_version SET version = version"))
          .onComplete(done -> probing.set(false));
    }
    return writable;
  }

  /** Finishes queued work, refuses later calls, and closes the files. */
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
      checkpointAtEnd();
      refuseQueued(writes);
      refuseQueued(lookups);
      refuseQueued(listings);
      done.tryComplete();
    } catch (InterruptedException | RuntimeException failed) {
      done.tryFail(failed);
    }
  }

  /**
   * Checkpoints the WAL, so that one file is left. SQLite does so when the last connection is
   * closed, but not if two connections are closed at the same time; so one more connection is used.
   */
  private void checkpointAtEnd() {
    try (Connection alone = open(file);
        Statement pragma = alone.createStatement()) {
      pragma.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException failed) {
      LOG.warn(
          "WAL of {} could not be checkpointed and is kept until the next start: {}",
          file,
          failed.getMessage());
    }
  }

  private <T> Future<T> enqueue(BlockingQueue<DbTask<?>> queue, Work<T> work) {
    DbTask<T> entry = new DbTask<>(work);
    if (closed) {
      return Future.failedFuture(refusal("the store is closed"));
    }
    if (!queue.offer(entry)) {
      return Future.failedFuture(
          refusal("the store is overloaded: " + MAX_QUEUED + " changes are queued"));
    }
    if (closed && queue.remove(entry)) {
      entry.refuse(refusal("the store is closed"));
    }
    return entry.future();
  }

  private static void refuseQueued(BlockingQueue<DbTask<?>> queue) {
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

  private Sql connect(boolean readOnly) throws SQLException {
    Connection connection = open(file);
    try (Statement pragma = connection.createStatement()) {
      if (readOnly) {
        pragma.execute("PRAGMA query_only = true");
      }
      pragma.execute("PRAGMA wal_autocheckpoint = " + AUTO_CHECKPOINT_PAGES);
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
    // What SQLite needs to undo a part of a commit by is as short-lived as the commit.
    config.setTempStore(TempStore.MEMORY);
    config.setBusyTimeout(5_000);
    config.setJournalSizeLimit(64 * MIB);
    return config.createConnection("jdbc:sqlite:" + file);
  }
}
