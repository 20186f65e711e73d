package io.signalbox.hub.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what was committed from the log into the file, beside the writer. Left to itself SQLite
 * does so within a commit, every thousand pages: under load several times a second some caller
 * would wait for two more syncs of the disk. The writer's own checkpoint is still there, far above,
 * for a log that grows faster than it is carried over.
 *
 * <p>Threading: a thread of its own, but for {@link #committed}.
 */
final class WalCheckpointer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WalCheckpointer.class);
  private static final int COMMITS = 256;

  private final Opener opener;
  private final Semaphore due = new Semaphore(0);
  private int commits;
  private volatile boolean closed;

  WalCheckpointer(Opener opener) {
    this.opener = opener;
  }

  /** Opens the connection that checkpoints run on. */
  @FunctionalInterface
  interface Opener {
    Connection open() throws SQLException;
  }

  /** One more commit; called by the writer. */
  void committed() {
    commits++;
    if (commits >= COMMITS) {
      commits = 0;
      due.release();
    }
  }

  /** No more of it. */
  void close() {
    closed = true;
    due.release();
  }

  @Override
  public void run() {
    Connection connection = null;
    while (!closed) {
      due.acquireUninterruptibly();
      due.drainPermits();
      connection = carried(connection);
    }
    drop(connection);
  }

  private @Nullable Connection carried(@Nullable Connection present) {
    if (closed) {
      return present;
    }
    Connection connection = present;
    try {
      connection = present == null ? opener.open() : present;
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
      }
      return connection;
    } catch (SQLException later) {
      LOG.debug("A checkpoint was not possible; the log keeps what it has", later);
      drop(connection);
      return null;
    }
  }

  private static void drop(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException unimportant) {
      LOG.debug("Closing a connection", unimportant);
    }
  }
}
