package io.signalbox.hub.longpoll;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A held request: it waits until a value changes or is final. Kept small, because thousands are
 * held at a time.
 *
 * <p>Threading: any thread.
 *
 * @param <T> a snapshot of the value
 */
public final class HeldRequest<T> {
  private static final Logger LOG = LoggerFactory.getLogger(HeldRequest.class);

  /** Greater than any version: only the final state completes the request. */
  static final long UNTIL_THE_END = Long.MAX_VALUE;

  /** The value is compared with what the caller knows when it is first read. */
  static final long NOT_READ = -1;

  /** The value's id; empty until the value exists. Written on the owner's thread only. */
  private String id;

  private final Predicate<T> known;
  private final long deadline;
  private final long number;
  private final @Nullable HeldRequests<T> registry;
  private final Promise<T> promise = Promise.promise();

  /** The version already seen; accessed on the owner's thread only. */
  private long seen;

  /**
   * A request that is not held yet.
   *
   * @param seen {@link #NOT_READ}, or {@link #UNTIL_THE_END}
   * @param deadline milliseconds of the monotonic clock
   * @param number distinguishes requests that are otherwise equal
   */
  HeldRequest(
      String id,
      Predicate<T> known,
      long seen,
      long deadline,
      long number,
      @Nullable HeldRequests<T> registry) {
    this.id = id;
    this.known = known;
    this.seen = seen;
    this.deadline = deadline;
    this.number = number;
    this.registry = registry;
  }

  /** A request that has failed already. */
  public static <T> HeldRequest<T> refused(Refusal refusal) {
    HeldRequest<T> failed = new HeldRequest<>("", value -> true, UNTIL_THE_END, 0, 0, null);
    failed.refuse(refusal);
    return failed;
  }

  /** The value when it has changed, or its present state at the deadline. */
  public Future<T> outcome() {
    return promise.future();
  }

  /**
   * Cancels the request, for example because the client is gone. The outcome fails if it is open.
   */
  public void cancel() {
    refuse(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the held request was cancelled"));
    if (registry != null) {
      registry.releaseSoon(this);
    }
  }

  /** Sets the id of the value that the request waits for; called before it is held. */
  public HeldRequest<T> of(String valueId) {
    id = valueId;
    return this;
  }

  /** The id of the value. */
  public String id() {
    return id;
  }

  long deadline() {
    return deadline;
  }

  long number() {
    return number;
  }

  /**
   * Whether the value, which is not final, is a change for this request. The first call compares it
   * with what the caller knows; after that every new version is a change.
   */
  boolean isChange(T value, long version) {
    if (seen != NOT_READ) {
      return version > seen;
    }
    seen = version;
    return !known.test(value);
  }

  /** Completes the request with the value. */
  public void answer(T value) {
    complete(() -> promise.tryComplete(value));
  }

  /** Fails the request. */
  public void refuse(Throwable cause) {
    complete(() -> promise.tryFail(cause));
  }

  /** An exception in the caller's continuation must not reach the owner or other requests. */
  private static void complete(Runnable completion) {
    try {
      completion.run();
    } catch (RuntimeException thrown) {
      LOG.error("Continuation of a held request failed", thrown);
    }
  }
}
