package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Worker thread with one connection that runs queued tasks in group commits. Tasks that are queued
 * during a commit share the next transaction: under load hundreds of tasks share one fsync, and a
 * single task does not wait for others.
 *
 * <p>After a failed transaction SQLite may or may not have rolled back, so the connection is closed
 * and the next group opens a new one.
 *
 * <p>Threading: {@link #submit} and {@link #shutdown} can be called from any thread; all else runs
 * on the worker's thread.
 */
final class GroupCommitWorker {
  private static final int MAX_GROUP = 1_024;

  private final BlockingQueue<DbTask<?>> queue =
      new ArrayBlockingQueue<>(SqliteDatabase.MAX_QUEUED);

  /** Ends the worker that takes it from the queue. */
  private final DbTask<?> end = new DbTask<Boolean>(sql -> true);

  private final SqliteFile file;
  private final DiskReserve disk;
  private final SqliteErrors errors;
  private final StoreHealth health;
  private final Runnable committed;
  private final Thread thread;
  private final List<DbTask<?>> group = new ArrayList<>();
  private @Nullable Sql sql;
  private volatile boolean closed;

  /** A worker that calls {@code committed} after each commit. */
  GroupCommitWorker(
      SqliteFile file,
      DiskReserve disk,
      SqliteErrors errors,
      StoreHealth health,
      Runnable committed) {
    this.file = file;
    this.disk = disk;
    this.errors = errors;
    this.health = health;
    this.committed = committed;
    thread = Thread.ofPlatform().name("hub.db writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  <T> Future<T> submit(DbTask<T> task) {
    if (closed) {
      return Future.failedFuture(errors.closed());
    }
    if (!queue.offer(task)) {
      return Future.failedFuture(SqliteErrors.unavailable(SqliteDatabase.OVERLOADED));
    }
    if (closed && queue.remove(task)) {
      task.refuse(errors.closed()); // Queued after the worker ended.
    }
    return task.future();
  }

  /** Refuses later tasks. */
  void shutdown() {
    closed = true;
  }

  /** Finishes queued tasks, then closes; blocks. Called once. */
  void close() throws InterruptedException {
    shutdown();
    queue.put(end);
    thread.join();
    List<DbTask<?>> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(task -> task.refuse(errors.closed()));
  }

  private void run() {
    boolean open = true;
    while (open) {
      open = gather();
      if (!group.isEmpty()) {
        commit();
      }
      group.clear();
    }
    dropConnection();
  }

  /** Waits for tasks; false if the worker is closed. */
  private boolean gather() {
    try {
      group.add(queue.take());
    } catch (InterruptedException interrupted) {
      return false;
    }
    queue.drainTo(group, MAX_GROUP - 1);
    return !group.remove(end);
  }

  private void commit() {
    try {
      Sql connected = connected();
      if (group.size() == 1) {
        group.getFirst().runAlone(connected, errors);
      } else {
        connected.begin();
        for (DbTask<?> task : group) {
          task.runInGroup(connected, errors);
        }
        connected.commit();
      }
      settled(
          (int) group.stream().filter(task -> task.unavailability() != null).count(),
          "the disk is full or has failed");
      group.forEach(DbTask::answer);
      committed.run();
    } catch (SQLException | RuntimeException lost) {
      dropConnection();
      Refusal refusal = errors.unavailable(lost);
      settled(group.size(), refusal.detail());
      group.forEach(task -> task.refuse(refusal));
    }
  }

  private Sql connected() throws SQLException {
    Sql present = sql;
    if (present == null) {
      present = file.openWriter();
      sql = present;
    }
    return present;
  }

  private void settled(int unavailable, String reason) {
    if (unavailable == 0) {
      health.worked();
      return;
    }
    health.failed(reason, unavailable);
    if (disk.isFull()) {
      disk.refusedChanges(unavailable);
    }
  }

  private void dropConnection() {
    if (sql != null) {
      sql.discard();
      sql = null;
    }
  }
}
