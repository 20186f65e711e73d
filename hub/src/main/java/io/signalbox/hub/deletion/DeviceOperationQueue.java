package io.signalbox.hub.deletion;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Queue of operations per device: operations on one device run one after the other, in the order of
 * the calls; different devices do not wait for each other.
 *
 * <p>Threading: any thread; an operation runs on the thread that ended the one before it, or on the
 * caller's.
 */
final class DeviceOperationQueue {
  /** The last operation per device, until it ends. */
  private final Map<String, Future<?>> last = new HashMap<>();

  /** Runs the operation when all earlier ones of the device have ended. */
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
