package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Worker with one connection that runs queued tasks in group commits. Tasks that are queued during
 * a commit share the next transaction: under load hundreds of tasks share one fsync, and a single
 * task does not wait for others.
 *
 * <p>After a failed transaction SQLite may or may not have rolled back, so the connection is closed
 * and the next group opens a new one.
 */
final class GroupCommitWorker implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommitWorker.class);

  /** Ends the worker that takes it from the queue. */
  static final DbTask<?> CLOSE = new DbTask<Boolean>(sql -> true);

  private final BlockingQueue<DbTask<?>> queue;
  private final Opener opener;
  private final int groupSize;
  private final DiskReserve disk;
  private final SqliteErrors errors;
  private final Runnable committed;
  private final List<DbTask<?>> group = new ArrayList<>();
  private @Nullable Sql sql;
  private volatile boolean healthy = true;
  private final FailureLog failureLog = new FailureLog(LOG, "The hub's database", "changes");

  /** A worker that calls {@code committed} after each commit. */
  GroupCommitWorker(
      BlockingQueue<DbTask<?>> queue,
      Opener opener,
      int groupSize,
      DiskReserve disk,
      Runnable committed) {
    this.disk = disk;
    this.errors = new SqliteErrors(disk);
    this.queue = queue;
    this.opener = opener;
    this.groupSize = groupSize;
    this.committed = committed;
  }

  /** Whether no task of the last transaction failed as unavailable. */
  boolean isHealthy() {
    return healthy;
  }

  @Override
  public void run() {
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
    queue.drainTo(group, groupSize - 1);
    return !group.removeIf(entry -> entry == CLOSE);
  }

  private void commit() {
    try {
      Sql connected = connected();
      if (group.size() == 1) {
        group.getFirst().runAlone(connected, errors);
      } else {
        for (DbTask<?> entry : group) {
          entry.run(connected, errors);
        }
      }
      connected.commit();
      settled(
          (int) group.stream().filter(DbTask::wasUnavailable).count(),
          "the disk is full or has failed");
      group.forEach(DbTask::answer);
      committed.run();
    } catch (SQLException | RuntimeException lost) {
      dropConnection();
      Refusal refusal = errors.unavailable(lost);
      settled(group.size(), refusal.detail());
      group.forEach(entry -> entry.refuse(refusal));
    }
  }

  private Sql connected() throws SQLException {
    Sql present = sql;
    if (present == null) {
      present = opener.open();
      sql = present;
    }
    return present;
  }

  /** Logs failures, except for a full disk, which {@link DiskReserve} logs. */
  private void settled(int unavailable, String reason) {
    healthy = unavailable == 0;
    if (healthy) {
      failureLog.worked();
    } else if (disk.isFull()) {
      disk.refusedChanges(unavailable);
    } else {
      failureLog.failed(reason, unavailable);
    }
  }

  private void dropConnection() {
    try {
      if (sql != null) {
        sql.close();
      }
    } catch (SQLException unimportant) {
      LOG.debug("Connection could not be closed", unimportant);
    }
    sql = null;
  }

  /** Opens a connection. */
  @FunctionalInterface
  interface Opener {
    Sql open() throws SQLException;
  }
}
