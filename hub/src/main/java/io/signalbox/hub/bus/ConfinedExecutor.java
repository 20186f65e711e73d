package io.signalbox.hub.bus;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry to a component whose state is confined to one serial executor: tasks run there, and what a
 * caller throws cannot harm the component.
 *
 * <p>Threading: any thread may submit; {@link #close} is called within a task.
 *
 * @param <R> the component
 */
public final class ConfinedExecutor<R> {
  private static final Logger LOG = LoggerFactory.getLogger(ConfinedExecutor.class);

  private final Executor thread;
  private final R component;
  private boolean closed;

  /**
   * An open entry.
   *
   * @param thread runs tasks one at a time, in order
   */
  public ConfinedExecutor(Executor thread, R component) {
    this.thread = thread;
    this.component = component;
  }

  /** Runs a task; {@code UNAVAILABLE} once closed. */
  public <T> Future<T> submit(Function<R, Future<T>> task) {
    Promise<T> promise = Promise.promise();
    thread.execute(() -> attempt(task).onComplete(outcome -> settle(promise, outcome)));
    return promise.future();
  }

  /** Refuses every later task. */
  public void close() {
    closed = true;
  }

  private <T> Future<T> attempt(Function<R, Future<T>> task) {
    try {
      return closed ? Future.failedFuture(unavailable()) : task.apply(component);
    } catch (RuntimeException refused) {
      return Future.failedFuture(refused);
    }
  }

  /** A failure in the caller's continuation must not stop the component's own task. */
  private static <T> void settle(Promise<T> caller, AsyncResult<T> outcome) {
    try {
      caller.handle(outcome);
    } catch (RuntimeException thrown) {
      LOG.error("Continuation of a caller failed", thrown);
    }
  }

  /** The refusal before a component is open, and after it is closed. */
  public static Refusal unavailable() {
    return new Refusal(ErrorCode.UNAVAILABLE, "the hub is starting or stopping");
  }
}
