package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  static final int MAX_QUEUED = 65_536;
  static final String OVERLOADED = "the store is overloaded: " + MAX_QUEUED + " changes are queued";

  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);

  /**
   * Settings of all connections. What SQLite needs to undo a part of a commit is as short-lived as
   * the commit, so it is kept in memory. The writer itself checkpoints a WAL of 64 MiB.
   */
  private static final String SETTINGS =
      """
      PRAGMA foreign_keys = true; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;
      PRAGMA wal_autocheckpoint = 16384;
      """;

  private final SqliteFile file;
  private final DiskReserve disk;
  private final StoreHealth health;
  private final GroupCommitWorker writer;
  private final WalCheckpointer checkpointer;
  private final Thread checkpoints;

  /** Pools per kind of read; lookups never wait for lists. */
  private final ReaderPool lookups;

  private final ReaderPool listings;
  private final AtomicBoolean probing = new AtomicBoolean();
  private @Nullable Future<Void> closing;

  private SqliteDatabase(SqliteFile file, DiskReserve disk) {
    this.file = file;
    this.disk = disk;
    SqliteErrors errors =
        new SqliteErrors(
            "the store", disk, e -> "the store cannot write or read: " + e.getMessage());
    health = new StoreHealth("The hub's database", "write", "changes", disk);
    checkpointer = new WalCheckpointer(file);
    checkpoints = Thread.ofPlatform().name("hub.db checkpoint").daemon().unstarted(checkpointer);
    writer = new GroupCommitWorker(file, disk, errors, health, checkpointer::committed);
    StoreHealth reads = new StoreHealth("The hub's database", "read", "queries", disk);
    lookups = readers("hub.db lookups ", errors, reads);
    listings = readers("hub.db listings ", errors, reads);
  }

  private ReaderPool readers(String threads, SqliteErrors errors, StoreHealth reads) {
    ThreadFactory factory = Thread.ofPlatform().name(threads, 1).daemon().factory();
    return new ReaderPool(file, errors, reads, factory, MAX_QUEUED, OVERLOADED);
  }

  /**
   * Opens the database in a directory, which must exist and be used by this hub only, and migrates
   * its tables; blocks.
   *
   * @param disk the reserve for a full disk
   * @throws IllegalStateException if a newer version wrote the file or it cannot be opened
   */
  public static SqliteDatabase open(Path directory, DiskReserve disk, Schema... schemas) {
    SqliteFile file = new SqliteFile(directory, "hub.db", SETTINGS, SETTINGS);
    try (Sql sql = file.openWriter()) {
      SqliteFile.useWal(sql);
      Migration.migrate(sql, schemas);
    } catch (SQLException failed) {
      String why = disk.isBecauseFull(failed) ? disk.words() : failed.getMessage();
      throw new IllegalStateException("cannot open " + file.path() + ": " + why, failed);
    }
    SqliteDatabase database = new SqliteDatabase(file, disk);
    database.writer.start();
    database.checkpoints.start();
    return database;
  }

  /** Opens the database without a reserve. */
  public static SqliteDatabase open(Path directory, Schema... schemas) {
    return open(directory, DiskReserve.none(directory), schemas);
  }

  /** Writes; succeeds when the change is durable. Refused while the disk is full. */
  public <T> Future<T> write(Sql.Work<T> work) {
    return write(work, ignored -> {});
  }

  /**
   * Writes, and calls back when the change is durable. Callbacks run on the writer's thread in the
   * order of the changes, each before its future completes.
   */
  public <T> Future<T> write(Sql.Work<T> work, Consumer<? super T> committed) {
    if (disk.isFull()) {
      disk.refusedChanges(1);
      return Future.failedFuture(disk.refusal());
    }
    return writeAlways(work, committed);
  }

  /**
   * Writes even while the disk is full, using the space of the reserve. For changes that free space
   * or do not make the database grow without bound.
   */
  public <T> Future<T> writeAlways(Sql.Work<T> work) {
    return writeAlways(work, ignored -> {});
  }

  /** The same with a callback, as {@link #write(Sql.Work, Consumer)} has. */
  public <T> Future<T> writeAlways(Sql.Work<T> work, Consumer<? super T> committed) {
    return writer.submit(new DbTask<>(work, committed));
  }

  /** Reads a few rows by an index, concurrently with the writer. */
  public <T> Future<T> read(Sql.Work<T> work) {
    return lookups.read(work);
  }

  /**
   * Runs a longer query, such as a page of a list or a count, concurrently with the writer. It has
   * separate threads, so that a {@link #read} never waits for it.
   */
  public <T> Future<T> list(Sql.Work<T> work) {
    return listings.read(work);
  }

  /** Number of statements executed since the start. */
  public long statements() {
    return file.statements();
  }

  /**
   * Whether the last write succeeded: false while the disk is full or has failed. If false, the
   * call starts a test write, because a hub that is not ready may receive no other writes.
   */
  public boolean isWritable() {
    boolean writable = health.trouble() == null && !disk.isFull();
    if (!writable && probing.compareAndSet(false, true)) {
      writeAlways(sql -> sql.update("UPDATE schema_version SET version = version"))
          .onComplete(done -> probing.set(false));
    }
    return writable;
  }

  /** Finishes queued work, refuses later calls, and closes the files. */
  public synchronized Future<Void> close() {
    Future<Void> end = closing;
    if (end == null) {
      Promise<Void> done = Promise.promise();
      end = done.future();
      closing = end;
      writer.shutdown();
      lookups.shutdown();
      listings.shutdown();
      Thread.ofPlatform().name("hub.db closing").start(() -> finish(done));
    }
    return end;
  }

  private void finish(Promise<Void> done) {
    try {
      writer.close();
      lookups.close();
      listings.close();
      checkpointer.close();
      checkpoints.join();
      checkpointAtEnd();
      done.complete();
    } catch (InterruptedException | RuntimeException failed) {
      done.tryFail(failed);
    }
  }

  /**
   * Checkpoints the WAL, so that one file is left. SQLite does so when the last connection is
   * closed, but not if two connections are closed at the same time; so one more connection is used.
   */
  private void checkpointAtEnd() {
    try (Sql alone = file.openWriter()) {
      alone.script("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException failed) {
      LOG.warn(
          "WAL of {} could not be checkpointed and is kept until the next start: {}",
          file.path(),
          failed.getMessage());
    }
  }
}
