package io.signalbox.hub.bus;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Queue of asynchronous operations that run one at a time: each begins when the one before has
 * completed or failed.
 *
 * <p>Threading: one thread, or one {@link SerialExecutor}.
 */
public final class SerialQueue {
  private static final Future<Void> NOTHING_BEFORE = Future.succeededFuture();

  private final int maxPending;
  private final String overflow;
  private Future<?> before = NOTHING_BEFORE;
  private int pending;

  /**
   * An empty queue.
   *
   * @param maxPending most operations that may be pending
   * @param overflow the detail of the refusal of any more
   */
  public SerialQueue(int maxPending, String overflow) {
    this.maxPending = maxPending;
    this.overflow = overflow;
  }

  /** Whether no operation is pending. */
  public boolean isIdle() {
    return pending == 0;
  }

  /** Succeeds when every operation submitted until now has completed or failed. */
  public Future<Void> awaitIdle() {
    return before.transform(ended -> Future.succeededFuture());
  }

  /** Submits an operation; {@code UNAVAILABLE} when too many are pending. */
  public <T> Future<T> request(Supplier<Future<T>> operation) {
    return pending < maxPending
        ? next(operation)
        : Future.failedFuture(new Refusal(ErrorCode.UNAVAILABLE, overflow));
  }

  /** Submits an operation that is never refused. */
  public <T> Future<T> next(Supplier<Future<T>> operation) {
    pending++;
    Future<T> done = before.transform(ended -> operation.get());
    before = done;
    return done.onComplete(outcome -> done());
  }

  private void done() {
    pending--;
    if (pending == 0) {
      before = NOTHING_BEFORE;
    }
  }
}
