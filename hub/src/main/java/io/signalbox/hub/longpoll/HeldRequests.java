package io.signalbox.hub.longpoll;

import io.signalbox.hub.clock.MonotonicClock;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Registry of held requests for values of one kind, ordered by value and by deadline: two tree
 * entries per request and no timer, because the owner's tick collects the expired ones.
 *
 * <p>Threading: the owner's thread, except creating a request, {@link #releaseSoon} and {@link
 * #held}.
 *
 * @param <T> a snapshot of the value
 */
public final class HeldRequests<T> {
  private final int limit;
  private final Executor owner;
  private final MonotonicClock clock;
  private final Versioned<T> versioned;
  private final AtomicLong numbers = new AtomicLong();
  private final TreeSet<HeldRequest<T>> byThing =
      new TreeSet<>(
          Comparator.<HeldRequest<T>, String>comparing(HeldRequest::id)
              .thenComparingLong(HeldRequest::number));
  private final TreeSet<HeldRequest<T>> byDeadline =
      new TreeSet<>(
          Comparator.<HeldRequest<T>>comparingLong(HeldRequest::deadline)
              .thenComparingLong(HeldRequest::number));
  private volatile int held;
  private boolean draining;

  /**
   * Accessors of a value.
   *
   * @param id identifies the value
   * @param version grows with every change
   * @param over whether the value is final and will not change again
   */
  public record Versioned<T>(
      Function<T, String> id, ToLongFunction<T> version, Predicate<T> over) {}

  /**
   * Creates an empty registry.
   *
   * @param limit maximum number of held requests
   * @param owner executor of the thread that owns the registry
   */
  public HeldRequests(int limit, Executor owner, MonotonicClock clock, Versioned<T> versioned) {
    this.limit = limit;
    this.owner = owner;
    this.clock = clock;
    this.versioned = versioned;
  }

  /**
   * A request, not held yet, that completes when the value differs from the known one or changes.
   */
  public HeldRequest<T> forChange(String id, Predicate<T> known, long millis) {
    return HeldRequest.forChange(id, known, position(millis));
  }

  /** A request, not held yet, that completes when a value that does not exist yet is final. */
  public HeldRequest<T> forCompletion(long millis) {
    return forCompletion("", millis);
  }

  /** A request, not held yet, that completes when the value is final. */
  public HeldRequest<T> forCompletion(String id, long millis) {
    return HeldRequest.forCompletion(id, position(millis));
  }

  private HeldRequest.Position<T> position(long millis) {
    return new HeldRequest.Position<>(
        clock.monotonicMillis() + millis, numbers.incrementAndGet(), this);
  }

  /**
   * Holds a request, then reads the value, so that no change is missed in between. A request that
   * was cancelled before is not held. Fails with {@code UNAVAILABLE} if too many are held, or with
   * the failure of the read.
   *
   * @param read reads the present value; completes on the owner's thread
   */
  public Future<Void> enter(HeldRequest<T> wait, Supplier<Future<T>> read) {
    if (wait.outcome().isComplete()) {
      return Future.succeededFuture();
    }
    if (held >= limit) {
      return Future.failedFuture(
          new Refusal(
              ErrorCode.UNAVAILABLE, "too many held requests; the limit is %d".formatted(limit)));
    }
    byThing.add(wait);
    byDeadline.add(wait);
    held = byThing.size();
    return read.get()
        .onSuccess(thing -> seen(wait, thing))
        .onFailure(unknown -> release(wait))
        .mapEmpty();
  }

  private void seen(HeldRequest<T> wait, T thing) {
    if (draining || isChange(wait, thing) || wait.deadline() <= clock.monotonicMillis()) {
      release(wait);
      wait.answer(thing);
    }
  }

  private boolean isChange(HeldRequest<T> wait, T thing) {
    return versioned.over().test(thing)
        || wait.isChange(thing, versioned.version().applyAsLong(thing));
  }

  private void release(HeldRequest<T> wait) {
    byThing.remove(wait);
    byDeadline.remove(wait);
    held = byThing.size();
  }

  /** Releases the request on the owner's thread. */
  void releaseSoon(HeldRequest<T> wait) {
    owner.execute(() -> release(wait));
  }

  /** Completes the requests for which this is a change. */
  public void changed(T thing) {
    String id = versioned.id().apply(thing);
    List<HeldRequest<T>> answered = new ArrayList<>();
    for (HeldRequest<T> wait :
        byThing.tailSet(HeldRequest.forCompletion(id, new HeldRequest.Position<>(0, 0, this)))) {
      if (!wait.id().equals(id)) {
        break;
      }
      if (isChange(wait, thing)) {
        answered.add(wait);
      }
    }
    answered.forEach(this::release);
    answered.forEach(wait -> wait.answer(thing));
  }

  /** Releases and returns the requests whose deadline has passed. */
  public List<HeldRequest<T>> takeExpired() {
    return take(clock.monotonicMillis());
  }

  private List<HeldRequest<T>> take(long until) {
    List<HeldRequest<T>> due = new ArrayList<>();
    while (!byDeadline.isEmpty() && byDeadline.first().deadline() <= until) {
      HeldRequest<T> wait = byDeadline.first();
      release(wait);
      due.add(wait);
    }
    return due;
  }

  /** Releases and returns all requests; later ones are answered by their first read. */
  public List<HeldRequest<T>> drain() {
    draining = true;
    return take(Long.MAX_VALUE);
  }

  /** Releases all requests and fails them. */
  public void refuseAll(Refusal refusal) {
    take(Long.MAX_VALUE).forEach(wait -> wait.refuse(refusal));
  }

  /** The number of held requests. */
  public int held() {
    return held;
  }
}
