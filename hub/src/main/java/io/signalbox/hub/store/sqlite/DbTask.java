package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One piece of work on its way through a {@link GroupCommitWorker}. What it did is undone alone if
 * it fails, and its answer is held back until the group it belongs to is committed.
 */
final class DbTask<T> {
  private static final Logger LOG = LoggerFactory.getLogger(DbTask.class);

  private final SqliteDatabase.Work<T> work;
  private final Promise<T> promise = Promise.promise();
  private @Nullable T value;
  private @Nullable Throwable failure;

  DbTask(SqliteDatabase.Work<T> work) {
    this.work = work;
  }

  Future<T> future() {
    return promise.future();
  }

  /** Fails only if the transaction as a whole is lost. */
  void run(Sql sql, SqliteErrors faults) throws SQLException {
    sql.update("SAVEPOINT entry");
    try {
      value = work.run(sql);
    } catch (Throwable thrown) {
      failure = faults.answer(thrown);
      undo(sql, failure);
    }
    sql.update("RELEASE entry");
  }

  /** Some faults, a full disk among them, make SQLite undo the whole transaction by itself. */
  private static void undo(Sql sql, Throwable reason) throws SQLException {
    try {
      sql.update("ROLLBACK TO entry");
    } catch (SQLException noSavepointLeft) {
      throw new SQLException(reason.getMessage(), reason);
    }
  }

  /** Whether the disk or the like, and not the work itself, made it fail. */
  boolean wasUnavailable() {
    return failure instanceof Refusal refusal && refusal.kind() == Refusal.ErrorCode.UNAVAILABLE;
  }

  /** Tells the caller; nothing that the caller then does wrong reaches the desk. */
  void answer() {
    settle(failure);
  }

  void refuse(Refusal refusal) {
    settle(failure == null ? refusal : failure);
  }

  private void settle(@Nullable Throwable failed) {
    try {
      if (failed == null) {
        promise.complete(value);
      } else {
        promise.fail(failed);
      }
    } catch (RuntimeException thrown) {
      LOG.error("A caller of the database has failed in its own continuation", thrown);
    }
  }
}
