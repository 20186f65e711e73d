package io.signalbox.hub.store.sqlite;

import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background checkpointer of the WAL. By default SQLite checkpoints within a commit, every thousand
 * pages: under load some callers would wait for two more fsyncs, several times a second. The
 * writer's own checkpoint remains as a fallback with a much higher limit, for a WAL that grows
 * faster than it is checkpointed.
 *
 * <p>Threading: its own thread, except for {@link #committed}, which the writer calls.
 */
final class WalCheckpointer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WalCheckpointer.class);
  private static final int COMMITS = 256;

  private final SqliteFile file;
  private final Semaphore due = new Semaphore(0);
  private int commits;
  private volatile boolean closed;

  WalCheckpointer(SqliteFile file) {
    this.file = file;
  }

  /** Counts a commit; called by the writer. */
  void committed() {
    commits++;
    if (commits >= COMMITS) {
      commits = 0;
      due.release();
    }
  }

  /** Ends the thread. */
  void close() {
    closed = true;
    due.release();
  }

  @Override
  public void run() {
    Sql connection = null;
    while (!closed) {
      due.acquireUninterruptibly();
      due.drainPermits();
      connection = checkpoint(connection);
    }
    drop(connection);
  }

  private @Nullable Sql checkpoint(@Nullable Sql present) {
    if (closed) {
      return present;
    }
    Sql connection = present;
    try {
      connection = present == null ? file.openWriter() : present;
      connection.script("PRAGMA wal_checkpoint(PASSIVE)");
      return connection;
    } catch (SQLException failed) {
      LOG.debug("Checkpoint failed; the WAL keeps its contents", failed);
      drop(connection);
      return null;
    }
  }

  private static void drop(@Nullable Sql connection) {
    if (connection != null) {
      connection.discard();
    }
  }
}
