package io.signalbox.hub.store.embedded;

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
final class Desk implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  /** Whoever takes this from the queue goes home. */
  static final Entry<?> CLOSE = new Entry<Boolean>(sql -> true);

  private final BlockingQueue<Entry<?>> queue;
  private final Opener opener;
  private final int groupSize;
  private final Runnable committed;
  private final List<Entry<?>> group = new ArrayList<>();
  private @Nullable Sql sql;
  private volatile boolean healthy = true;

  /** A desk that says after each commit that it was one. */
  Desk(BlockingQueue<Entry<?>> queue, Opener opener, int groupSize, Runnable committed) {
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
      for (Entry<?> entry : group) {
        entry.run(connected);
      }
      connected.commit();
      healthy(group.stream().noneMatch(Entry::wasUnavailable), "the disk is full or broken");
      group.forEach(Entry::answer);
      committed.run();
    } catch (SQLException | RuntimeException lost) {
      healthy(false, lost.getMessage());
      dropConnection();
      Refusal refusal = Faults.unavailable(lost);
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

  /** Says it once, not with every group, as long as it lasts. */
  private void healthy(boolean now, @Nullable String because) {
    if (healthy && !now) {
      LOG.warn("The hub's database refuses, callers are told so: {}", because);
    } else if (!healthy && now) {
      LOG.info("The hub's database works again");
    }
    healthy = now;
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
