package io.signalbox.hub.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A thread that completes futures as a store does, each another moment after it was made: sooner or
 * later between any two listeners that a caller adds to a future.
 */
public final class StoreThread implements AutoCloseable {
  private final AtomicReference<@Nullable Runnable> next = new AtomicReference<>();
  private final CompletableFuture<Void> thread;
  private volatile boolean over;

  public StoreThread() {
    thread = CompletableFuture.runAsync(this::run);
  }

  /** A future that succeeds with the value; one at a time. */
  public <T> Future<T> answer(T value) {
    Promise<T> promise = Promise.promise();
    next.set(() -> promise.complete(value));
    return promise.future();
  }

  private void run() {
    int round = 0;
    while (!over) {
      Runnable completion = next.getAndSet(null);
      if (completion != null) {
        for (int i = round++ % 256; i > 0; i--) {
          Thread.onSpinWait();
        }
        completion.run();
      }
    }
  }

  @Override
  public void close() {
    over = true;
    thread.join();
  }
}
