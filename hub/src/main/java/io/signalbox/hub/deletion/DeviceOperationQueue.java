package io.signalbox.hub.deletion;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is done for one device is done one after the other, in the order in which it was asked for;
 * different devices do not wait for each other.
 *
 * <p>Threading: any thread; a step runs where the one before it ended, or where it was asked for.
 */
final class DeviceOperationQueue {
  /** By device, the step that was asked for last, until it is over. */
  private final Map<String, Future<?>> last = new HashMap<>();

  /** Runs the step when all steps of that device that were asked for before are over. */
  <T> Future<T> next(String device, Supplier<Future<T>> step) {
    Promise<T> promise = Promise.promise();
    Future<T> own = promise.future();
    @Nullable Future<?> before = put(device, own);
    own.onComplete(over -> remove(device, own));
    if (before == null) {
      run(step, promise);
    } else {
      before.onComplete(over -> run(step, promise));
    }
    return own;
  }

  private synchronized @Nullable Future<?> put(String device, Future<?> own) {
    return last.put(device, own);
  }

  private synchronized void remove(String device, Future<?> own) {
    last.remove(device, own);
  }

  private static <T> void run(Supplier<Future<T>> step, Promise<T> promise) {
    Future.succeededFuture().compose(start -> step.get()).onComplete(promise);
  }
}
