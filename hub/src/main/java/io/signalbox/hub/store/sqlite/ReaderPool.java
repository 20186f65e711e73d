package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two threads with read-only connections that run queries from a bounded queue. A query sees one
 * snapshot, which includes everything that was committed before the call.
 *
 * <p>Threading: any thread; futures complete on the pool's threads.
 */
public final class ReaderPool {
  private static final int THREADS = 2;

  private final SqliteFile file;
  private final SqliteErrors errors;
  private final StoreHealth health;
  private final String overloaded;
  private final ThreadPoolExecutor threads;
  private final Queue<Sql> idle = new ConcurrentLinkedQueue<>();

  /**
   * A pool without connections; each is opened by the first query that needs it.
   *
   * @param maxQueued maximum number of waiting queries
   * @param overloaded the detail of the refusal of more queries
   */
  public ReaderPool(
      SqliteFile file,
      SqliteErrors errors,
      StoreHealth health,
      ThreadFactory factory,
      int maxQueued,
      String overloaded) {
    this.file = file;
    this.errors = errors;
    this.health = health;
    this.overloaded = overloaded;
    this.threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxQueued), factory);
  }

  /** Runs a query. */
  public <T> Future<T> read(Sql.Work<T> query) {
    DbTask<T> task = new DbTask<>(query);
    try {
      threads.execute(() -> run(task));
      return task.future();
    } catch (RejectedExecutionException closedOrFull) {
      return Future.failedFuture(
          threads.isShutdown() ? errors.closed() : SqliteErrors.unavailable(overloaded));
    }
  }

  private void run(DbTask<?> task) {
    Sql sql = null;
    try {
      sql = connection();
      task.runQuery(sql, errors);
      idle.add(sql);
      note(task.unavailability());
      task.answer();
    } catch (SQLException | RuntimeException lost) {
      if (sql != null) {
        sql.discard();
      }
      Refusal refusal = errors.unavailable(lost);
      note(refusal);
      task.refuse(refusal);
    }
  }

  private Sql connection() throws SQLException {
    Sql ready = idle.poll();
    return ready == null ? file.openReader() : ready;
  }

  private void note(@Nullable Refusal refusal) {
    if (refusal == null) {
      health.worked();
    } else {
      health.failed(refusal.detail(), 1);
    }
  }

  /** Refuses later queries. */
  public void shutdown() {
    threads.shutdown();
  }

  /** Finishes waiting queries, then closes; blocks for at most 30 s. */
  public void close() throws InterruptedException {
    shutdown();
    if (threads.awaitTermination(30, TimeUnit.SECONDS)) {
      idle.forEach(Sql::discard);
    }
  }
}
