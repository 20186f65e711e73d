package io.signalbox.hub.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A value that a worker thread loads on first use, so that neither the start nor an event loop
 * waits for it. A failed load is tried again on the next use.
 *
 * <p>Threading: any thread.
 */
final class Lazy<T> {
  private final Vertx vertx;
  private final Callable<T> load;
  private final AtomicReference<@Nullable Future<T>> loaded = new AtomicReference<>();

  /** The value of {@code load}, which may block. */
  Lazy(Vertx vertx, Callable<T> load) {
    this.vertx = vertx;
    this.load = load;
  }

  /** The value; fails with the exception of the load. */
  Future<T> get() {
    Future<T> known = loaded.get();
    if (known != null && !known.failed()) {
      return known;
    }
    Promise<T> promise = Promise.promise();
    if (!loaded.compareAndSet(known, promise.future())) {
      return get();
    }
    vertx.executeBlocking(load, false).onComplete(promise);
    return promise.future();
  }
}
