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
 * The way into a room that lives on one thread: whatever is done inside is done there, and nobody
 * who comes from outside can harm the room with what he throws.
 *
 * <p>Threading: any thread may enter; {@link #close} is called inside.
 *
 * @param <R> the room
 */
public final class ConfinedExecutor<R> {
  private static final Logger LOG = LoggerFactory.getLogger(ConfinedExecutor.class);

  private final Executor thread;
  private final R component;
  private boolean closed;

  /**
   * An open way in.
   *
   * @param thread runs what it is given later, one after the other, in order
   */
  public ConfinedExecutor(Executor thread, R component) {
    this.thread = thread;
    this.component = component;
  }

  /** Does something inside; refuses {@code UNAVAILABLE} once closed. */
  public <T> Future<T> submit(Function<R, Future<T>> task) {
    Promise<T> promise = Promise.promise();
    thread.execute(() -> attempt(task).onComplete(outcome -> settle(promise, outcome)));
    return promise.future();
  }

  /** Nobody comes in any more. */
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

  /** What the caller then does wrong must not reach the room: its own work would stop there. */
  private static <T> void settle(Promise<T> caller, AsyncResult<T> outcome) {
    try {
      caller.handle(outcome);
    } catch (RuntimeException thrown) {
      LOG.error("A caller has failed in its own continuation", thrown);
    }
  }

  /** The answer to whoever comes before a room is open, or after. */
  public static Refusal unavailable() {
    return new Refusal(ErrorCode.UNAVAILABLE, "the hub is starting or stopping");
  }
}
