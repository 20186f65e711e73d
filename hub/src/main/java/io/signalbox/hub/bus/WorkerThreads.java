package io.signalbox.hub.bus;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The worker threads of Vert.x, for work that takes too long for an event loop. Before {@link
 * #open} all work is refused as {@code UNAVAILABLE}.
 *
 * <p>Threading: any thread.
 */
public final class WorkerThreads {
  private volatile @Nullable Vertx vertx;

  /** Closed. */
  public WorkerThreads() {}

  /** Uses the worker threads of this Vert.x from now on. */
  public void open(Vertx workers) {
    vertx = workers;
  }

  /** Runs the work beside other work of the same context. */
  public <T> Future<T> run(Callable<T> work) {
    return run(work, false);
  }

  /** Runs the work after earlier work that was submitted in order on the same context. */
  public <T> Future<T> runInOrder(Callable<T> work) {
    return run(work, true);
  }

  private <T> Future<T> run(Callable<T> work, boolean ordered) {
    Vertx workers = vertx;
    return workers == null
        ? Future.failedFuture(new Refusal(ErrorCode.UNAVAILABLE, "the hub is starting"))
        : workers.executeBlocking(work, ordered);
  }
}
