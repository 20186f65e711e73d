package io.signalbox.hub.longpoll;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who waits for a thing to change or to end. Kept small: thousands are held at a time.
 *
 * <p>Threading: any thread.
 *
 * @param <T> the thing as it is at one time
 */
public final class HeldRequest<T> {
  private static final Logger LOG = LoggerFactory.getLogger(HeldRequest.class);

  /** More versions than anything can have: only its end will do. */
  static final long UNTIL_THE_END = Long.MAX_VALUE;

  private static final long NOT_LOOKED = -1;

  private final String id;
  private final Predicate<T> known;
  private final long deadline;
  private final long number;
  private final @Nullable HeldRequests<T> waits;
  private final Promise<T> promise = Promise.promise();

  /** The version that is no news; touched by the room alone. */
  private long seen;

  private HeldRequest(String id, Predicate<T> known, long seen, Place<T> place) {
    this.id = id;
    this.known = known;
    this.seen = seen;
    this.deadline = place.deadline();
    this.number = place.number();
    this.waits = place.waits();
  }

  /**
   * Where it stands among the others.
   *
   * @param deadline milliseconds of the monotonic clock
   * @param number tells waits apart that have everything else in common
   */
  record Place<T>(long deadline, long number, @Nullable HeldRequests<T> waits) {}

  /** For whom the thing is news when it is not as it is known, or no longer. */
  static <T> HeldRequest<T> forChange(String id, Predicate<T> known, Place<T> place) {
    return new HeldRequest<>(id, known, NOT_LOOKED, place);
  }

  /** For whom only the end of the thing is news. */
  static <T> HeldRequest<T> forCompletion(String id, Place<T> place) {
    return new HeldRequest<>(id, thing -> true, UNTIL_THE_END, place);
  }

  /** A wait that is over before it began. */
  public static <T> HeldRequest<T> refused(Refusal refusal) {
    HeldRequest<T> wait = forCompletion("", new Place<>(0, 0, null));
    wait.refuse(refusal);
    return wait;
  }

  /** The thing when it has changed, or as it stands when the time is over. */
  public Future<T> outcome() {
    return promise.future();
  }

  /** Nobody is interested any more: lets go of it. The outcome fails if there is none yet. */
  public void cancel() {
    refuse(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the wait was given up"));
    if (waits != null) {
      waits.releaseSoon(this);
    }
  }

  /** What is waited for. */
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
   * Whether the thing is news, when it is not over. Whoever waits says at the first look whether it
   * is known as it stands; after that every change is news.
   */
  boolean isChange(T thing, long version) {
    if (seen != NOT_LOOKED) {
      return version > seen;
    }
    seen = version;
    return !known.test(thing);
  }

  /** Here it is. */
  public void answer(T thing) {
    tell(() -> promise.tryComplete(thing));
  }

  /** There will be no answer. */
  public void refuse(Throwable cause) {
    tell(() -> promise.tryFail(cause));
  }

  /** What whoever waits then does wrong must not reach the room, nor the others who wait. */
  private static void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException thrown) {
      LOG.error("Somebody who waited has failed in the continuation", thrown);
    }
  }
}
