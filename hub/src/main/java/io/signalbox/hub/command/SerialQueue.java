package io.signalbox.hub.command;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Lets one deed through after the other: the next begins when the one before is done, well or not.
 *
 * <p>Threading: one thread, the room's.
 */
final class SerialQueue {
  private static final Future<Void> NOTHING_BEFORE = Future.succeededFuture();
  private static final int MOST_PENDING = 256;

  private Future<?> before = NOTHING_BEFORE;
  private int pending;

  /** Nothing is under way, and nothing waits. */
  boolean isIdle() {
    return pending == 0;
  }

  /** Everything that was asked for until now is done, well or not. */
  Future<Void> awaitIdle() {
    return before.transform(whatever -> Future.succeededFuture());
  }

  /** Somebody's request, in its turn; refuses {@code UNAVAILABLE} when too many are waiting. */
  <T> Future<T> request(Supplier<Future<T>> task) {
    return pending < MOST_PENDING
        ? next(task)
        : Future.failedFuture(
            new Refusal(ErrorCode.UNAVAILABLE, "too many requests for one device at a time"));
  }

  /** What must be done however many are waiting, in its turn. */
  <T> Future<T> next(Supplier<Future<T>> task) {
    pending++;
    Future<T> done = before.transform(whatever -> task.get());
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
