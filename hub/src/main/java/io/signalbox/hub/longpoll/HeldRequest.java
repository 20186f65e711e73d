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

  private static final long NOT_READ = -1;

  /** The value's id; empty until the value exists. Written on the owner's thread only. */
  private String id;

  private final Predicate<T> known;
  private final long deadline;
  private final long number;
  private final @Nullable HeldRequests<T> waits;
  private final Promise<T> promise = Promise.promise();

  /** The version already seen; accessed on the owner's thread only. */
  private long seen;

  private HeldRequest(String id, Predicate<T> known, long seen, Position<T> position) {
    this.id = id;
    this.known = known;
    this.seen = seen;
    this.deadline = position.deadline();
    this.number = position.number();
    this.waits = position.waits();
  }

  /**
   * Position of a request in the order of requests.
   *
   * @param deadline milliseconds of the monotonic clock
   * @param number distinguishes requests that are otherwise equal
   */
  record Position<T>(long deadline, long number, @Nullable HeldRequests<T> waits) {}

  /** A request that completes when the value differs from the known one, or changes later. */
  static <T> HeldRequest<T> forChange(String id, Predicate<T> known, Position<T> position) {
    return new HeldRequest<>(id, known, NOT_READ, position);
  }

  /** A request that completes when the value is final. */
  static <T> HeldRequest<T> forCompletion(String id, Position<T> position) {
    return new HeldRequest<>(id, thing -> true, UNTIL_THE_END, position);
  }

  /** A request that has failed already. */
  public static <T> HeldRequest<T> refused(Refusal refusal) {
    HeldRequest<T> wait = forCompletion("", new Position<>(0, 0, null));
    wait.refuse(refusal);
    return wait;
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
    if (waits != null) {
      waits.releaseSoon(this);
    }
  }

  /** Sets the id of the value that the request waits for; to be called before it is held. */
  public HeldRequest<T> of(String value) {
    id = value;
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
  boolean isChange(T thing, long version) {
    if (seen != NOT_READ) {
      return version > seen;
    }
    seen = version;
    return !known.test(thing);
  }

  /** Completes the request with the value. */
  public void answer(T thing) {
    complete(() -> promise.tryComplete(thing));
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
