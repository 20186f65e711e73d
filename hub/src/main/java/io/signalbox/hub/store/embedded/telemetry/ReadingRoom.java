package io.signalbox.hub.store.embedded.telemetry;

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
 * Where queries are answered: a few threads, each query with a {@link Reader} to itself, and a
 * bounded queue before the door. Any thread may ask.
 */
final class ReadingRoom {
  private static final int SEATS = 2;
  private static final int MOST_WAITING = 4096;

  private final BlockingQueue<Reader> readers = new ArrayBlockingQueue<>(SEATS);
  private final ThreadPoolExecutor seats =
      new ThreadPoolExecutor(
          SEATS,
          SEATS,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          ReadingRoom::seat);

  private static Thread seat(Runnable task) {
    Thread thread = new Thread(task, "telemetry-reader");
    thread.setDaemon(true);
    return thread;
  }

  /** A question to the rows. */
  interface Query<T> {
    T ask(Reader reader) throws SQLException;
  }

  ReadingRoom(TelemetryFile file) throws SQLException {
    for (int i = 0; i < SEATS; i++) {
      readers.add(new Reader(file.newReader()));
    }
  }

  <T> Future<T> ask(Query<T> query) {
    Promise<T> promise = Promise.promise();
    try {
      seats.execute(() -> answer(query, promise));
    } catch (RejectedExecutionException e) {
      String why = seats.isShutdown() ? "the telemetry store is closed" : "too many queries wait";
      promise.fail(new Refusal(Refusal.Kind.UNAVAILABLE, why));
    }
    return promise.future();
  }

  private <T> void answer(Query<T> query, Promise<T> promise) {
    try {
      promise.complete(ask(query, readers.take()));
    } catch (SQLException | InterruptedException | RuntimeException e) {
      promise.tryFail(Trouble.refusal(e));
    }
  }

  private <T> T ask(Query<T> query, Reader reader) throws SQLException {
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

  /** Lets the queries that wait be answered, then closes; blocks for 30 s at most. */
  void close() throws SQLException, InterruptedException {
    seats.shutdown();
    boolean answered = seats.awaitTermination(30, TimeUnit.SECONDS);
    for (Reader reader = readers.poll(); answered && reader != null; reader = readers.poll()) {
      reader.close();
    }
  }
}
