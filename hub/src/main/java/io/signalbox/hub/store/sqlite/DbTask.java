package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unit of work of a {@link GroupCommitWorker} or a {@link ReaderPool}. If it fails, only its own
 * changes are rolled back. Its future completes after the end of its transaction.
 *
 * <p>Threading: one thread at a time.
 */
final class DbTask<T> {
  private static final Logger LOG = LoggerFactory.getLogger(DbTask.class);

  private final Sql.Work<T> work;
  private final Consumer<? super T> committed;
  private final Promise<T> promise = Promise.promise();
  private @Nullable T value;
  private @Nullable Throwable failure;

  DbTask(Sql.Work<T> work) {
    this(work, ignored -> {});
  }

  /** A task that calls {@code committed} with its result before its future completes. */
  DbTask(Sql.Work<T> work, Consumer<? super T> committed) {
    this.work = work;
    this.committed = committed;
  }

  Future<T> future() {
    return promise.future();
  }

  /** Runs a query in one snapshot. Throws if the connection has failed. */
  void runQuery(Sql sql, SqliteErrors errors) throws SQLException {
    sql.beginQuery();
    if (succeeds(sql, errors)) {
      sql.rollback();
    } else {
      undo(sql::rollback);
    }
  }

  /** Runs the only task of a transaction. Throws if the transaction could not be ended. */
  void runAlone(Sql sql, SqliteErrors errors) throws SQLException {
    sql.begin();
    if (succeeds(sql, errors)) {
      sql.commit();
    } else {
      undo(sql::rollback);
    }
  }

  /**
   * Runs one of several tasks of a transaction. Throws only if the whole transaction has failed.
   */
  void runInGroup(Sql sql, SqliteErrors errors) throws SQLException {
    sql.update("SAVEPOINT entry");
    if (!succeeds(sql, errors)) {
      undo(() -> sql.update("ROLLBACK TO entry"));
    }
    sql.update("RELEASE entry");
  }

  private boolean succeeds(Sql sql, SqliteErrors errors) {
    try {
      value = work.run(sql);
      return true;
    } catch (Throwable thrown) {
      failure = errors.answer(thrown);
      return false;
    }
  }

  /** Rolls back; after some errors, such as a full disk, SQLite has rolled back everything. */
  private void undo(Sql.Step rollback) throws SQLException {
    try {
      rollback.run();
    } catch (SQLException nothingToRollBack) {
      Throwable reason = Objects.requireNonNull(failure);
      throw new SQLException(reason.getMessage(), reason);
    }
  }

  /** The refusal if the store is unavailable; null if the work succeeded or itself failed. */
  @Nullable Refusal unavailability() {
    return failure instanceof Refusal refusal && refusal.kind() == Refusal.ErrorCode.UNAVAILABLE
        ? refusal
        : null;
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
        notifyCommitted();
        promise.complete(value);
      } else {
        promise.fail(failed);
      }
    } catch (RuntimeException thrown) {
      LOG.error("Database caller failed in the continuation of its future", thrown);
    }
  }

  @SuppressWarnings("NullAway") // The result of the work, which is null only if T is nullable.
  private void notifyCommitted() {
    try {
      committed.accept(value);
    } catch (RuntimeException thrown) {
      LOG.error("Callback of a database change failed", thrown);
    }
  }
}
