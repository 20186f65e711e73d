package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Queues of operations that read, decide and write: those of a device run one at a time, in the
 * order of the calls, so this node never contends with itself. Operations of different devices run
 * beside each other.
 *
 * <p>Threading: any thread.
 */
final class DeviceQueues {
  /** Number of operations that may be pending, of all devices. */
  private static final int MAX_PENDING = 100_000;

  private static final Future<Void> NOTHING = Future.succeededFuture();

  /** The end of the last operation of each device that has any. */
  private final ConcurrentMap<String, Future<Void>> last = new ConcurrentHashMap<>();

  private final AtomicInteger pending = new AtomicInteger();

  /**
   * Runs an operation after those of the device before; {@code UNAVAILABLE} if it is one too many.
   */
  <T> Future<T> submit(String device, Supplier<Future<T>> operation) {
    if (pending.incrementAndGet() > MAX_PENDING) {
      pending.decrementAndGet();
      return Future.failedFuture(
          new Refusal(ErrorCode.UNAVAILABLE, "too many changes wait for the store"));
    }
    Promise<Void> end = Promise.promise();
    Promise<T> caller = Promise.promise();
    Future<Void> before = last.put(device, end.future());
    if (before == null) {
      run(device, operation, caller, end);
    } else {
      before.onComplete(ended -> run(device, operation, caller, end));
    }
    return caller.future();
  }

  private <T> void run(
      String device, Supplier<Future<T>> operation, Promise<T> caller, Promise<Void> end) {
    NOTHING
        .compose(start -> operation.get())
        .onComplete(outcome -> end(device, outcome, caller, end));
  }

  /** A continuation of the caller that throws does not stop the queue. */
  private <T> void end(
      String device, AsyncResult<T> outcome, Promise<T> caller, Promise<Void> end) {
    try {
      caller.handle(outcome);
    } finally {
      pending.decrementAndGet();
      last.remove(device, end.future());
      end.complete();
    }
  }
}
