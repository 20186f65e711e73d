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
 * One connection and the thread that works on it. Everything that has queued up while the last
 * transaction was being committed goes into the next one: under load hundreds of entries share one
 * fsync, and a lone entry waits for nobody.
 *
 * <p>After any failure of a transaction as a whole SQLite may or may not have rolled it back, so
 * the connection is thrown away and the next group opens a new one.
 */
final class GroupCommitWorker implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommitWorker.class);

  /** Whoever takes this from the queue goes home. */
  static final DbTask<?> CLOSE = new DbTask<Boolean>(sql -> true);

  private final BlockingQueue<DbTask<?>> queue;
  private final Opener opener;
  private final int groupSize;
  private final DiskReserve disk;
  private final SqliteErrors faults;
  private final Runnable committed;
  private final List<DbTask<?>> group = new ArrayList<>();
  private @Nullable Sql sql;
  private volatile boolean healthy = true;
  private final FailureLog trouble = new FailureLog(LOG, "The hub's database", "changes");

  /** A desk that says after each commit that it was one. */
  GroupCommitWorker(
      BlockingQueue<DbTask<?>> queue,
      Opener opener,
      int groupSize,
      DiskReserve disk,
      Runnable committed) {
    this.disk = disk;
    this.faults = new SqliteErrors(disk);
    this.queue = queue;
    this.opener = opener;
    this.groupSize = groupSize;
    this.committed = committed;
  }

  /** Whether everything in the last transaction could be done. */
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

  /** Waits for work; false when this was the last of it. */
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
      for (DbTask<?> entry : group) {
        entry.run(connected, faults);
      }
      connected.commit();
      settled(
          (int) group.stream().filter(DbTask::wasUnavailable).count(),
          "the disk is full or broken");
      group.forEach(DbTask::answer);
      committed.run();
    } catch (SQLException | RuntimeException lost) {
      dropConnection();
      Refusal refusal = faults.unavailable(lost);
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

  /** Of a full disk the {@link DiskReserve} tells the log. */
  private void settled(int unavailable, String reason) {
    healthy = unavailable == 0;
    if (healthy) {
      trouble.worked();
    } else if (disk.isFull()) {
      disk.refusedChanges(unavailable);
    } else {
      trouble.failed(reason, unavailable);
    }
  }

  private void dropConnection() {
    try {
      if (sql != null) {
        sql.close();
      }
    } catch (SQLException unimportant) {
      LOG.debug("Closing a connection", unimportant);
    }
    sql = null;
  }

  /** Opens a connection. */
  @FunctionalInterface
  interface Opener {
    Sql open() throws SQLException;
  }
}
