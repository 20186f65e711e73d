package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Thread pool for queries with a bounded queue; each query has its own {@link ChunkReader}. Safe on
 * any thread.
 */
final class ReaderPool {
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 4096;

  private final BlockingQueue<ChunkReader> readers = new ArrayBlockingQueue<>(THREADS);
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          ReaderPool::readerThread);

  private static Thread readerThread(Runnable task) {
    Thread thread = new Thread(task, "telemetry-reader");
    thread.setDaemon(true);
    return thread;
  }

  /** A query on chunk rows. */
  interface Query<T> {
    T ask(ChunkReader reader) throws SQLException;
  }

  ReaderPool(TelemetryFile file) throws SQLException {
    for (int i = 0; i < THREADS; i++) {
      readers.add(new ChunkReader(file.newReader()));
    }
  }

  <T> Future<T> query(Query<T> query) {
    Promise<T> promise = Promise.promise();
    try {
      threads.execute(() -> answer(query, promise));
    } catch (RejectedExecutionException e) {
      String why =
          threads.isShutdown() ? "the telemetry store is closed" : "too many queries are waiting";
      promise.fail(new Refusal(Refusal.ErrorCode.UNAVAILABLE, why));
    }
    return promise.future();
  }

  private <T> void answer(Query<T> query, Promise<T> promise) {
    try {
      promise.complete(query(query, readers.take()));
    } catch (SQLException | InterruptedException | RuntimeException e) {
      promise.tryFail(StoreErrors.refusal(e));
    }
  }

  private <T> T query(Query<T> query, ChunkReader reader) throws SQLException {
    try {
      reader.begin();
      T answer = query.ask(reader);
      reader.end();
      return answer;
    } catch (SQLException | RuntimeException e) {
      reader.recover();
      throw e;
    } finally {
      readers.add(reader);
    }
  }

  /** Finishes waiting queries, then closes; blocks for at most 30 s. */
  void close() throws SQLException, InterruptedException {
    threads.shutdown();
    boolean answered = threads.awaitTermination(30, TimeUnit.SECONDS);
    for (ChunkReader reader = readers.poll(); answered && reader != null; reader = readers.poll()) {
      reader.close();
    }
  }
}
