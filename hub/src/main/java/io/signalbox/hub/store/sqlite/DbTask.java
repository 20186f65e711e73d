package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unit of work of a {@link GroupCommitWorker}. If it fails, only its own changes are rolled back.
 * Its future completes after the commit of its group.
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

  /** Runs the only task of a transaction, which is rolled back if the task fails. */
  void runAlone(Sql sql, SqliteErrors errors) throws SQLException {
    try {
      value = work.run(sql);
    } catch (Throwable thrown) {
      failure = errors.answer(thrown);
      undo(sql::rollback, failure);
    }
  }

  /** Runs one of several tasks. Throws only if the whole transaction has failed. */
  void run(Sql sql, SqliteErrors errors) throws SQLException {
    sql.update("SAVEPOINT entry");
    try {
      value = work.run(sql);
    } catch (Throwable thrown) {
      failure = errors.answer(thrown);
      undo(() -> sql.update("ROLLBACK TO entry"), failure);
    }
    sql.update("RELEASE entry");
  }

  /** Rolls back a task. */
  @FunctionalInterface
  private interface Rollback {
    void run() throws SQLException;
  }

  /** Rolls back; after some errors, such as a full disk, SQLite has rolled back everything. */
  private static void undo(Rollback rollback, Throwable reason) throws SQLException {
    try {
      rollback.run();
    } catch (SQLException nothingToRollBack) {
      throw new SQLException(reason.getMessage(), reason);
    }
  }

  /** Whether it failed because the store is unavailable, not because of the work itself. */
  boolean wasUnavailable() {
    return failure instanceof Refusal refusal && refusal.kind() == Refusal.ErrorCode.UNAVAILABLE;
  }

  /** Completes the future; exceptions of its listeners do not reach the worker. */
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
      LOG.error("Database caller failed in the continuation of its future", thrown);
    }
  }
}
