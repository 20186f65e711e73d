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
 * Everybody who waits for things of one sort, in order of thing and in order of deadline: two tree
 * entries each, and no timer, because a room's tick collects those whose time is over.
 *
 * <p>Threading: the room's thread, but for making one, {@link #releaseSoon} and {@link #held}.
 *
 * @param <T> a thing as it is at one time
 */
public final class HeldRequests<T> {
  private final int most;
  private final Executor component;
  private final MonotonicClock clock;
  private final Versioned<T> sort;
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
   * What is to be known of things.
   *
   * @param id tells them apart
   * @param version grows with every change
   * @param over what is over does not change any more, and need not be waited for
   */
  public record Versioned<T>(
      Function<T, String> id, ToLongFunction<T> version, Predicate<T> over) {}

  /**
   * Nobody waits yet.
   *
   * @param most how many may wait at a time
   * @param component the room's thread
   */
  public HeldRequests(int most, Executor component, MonotonicClock clock, Versioned<T> sort) {
    this.most = most;
    this.component = component;
    this.clock = clock;
    this.sort = sort;
  }

  /** A wait, not held yet, for a thing that is not as it is known, or no longer. */
  public HeldRequest<T> forChange(String id, Predicate<T> known, long millis) {
    return HeldRequest.forChange(id, known, place(millis));
  }

  /** A wait, not held yet, for a thing's end. */
  public HeldRequest<T> forCompletion(String id, long millis) {
    return HeldRequest.forCompletion(id, place(millis));
  }

  private HeldRequest.Place<T> place(long millis) {
    return new HeldRequest.Place<>(
        clock.monotonicMillis() + millis, numbers.incrementAndGet(), this);
  }

  /**
   * Holds a wait, and then has a look at the thing, so that no change slips through in between.
   * Refuses {@code UNAVAILABLE} when there are too many, and what the look refuses.
   *
   * @param look reads the thing as it stands; completes on the room's thread
   */
  public Future<Void> enter(HeldRequest<T> wait, Supplier<Future<T>> look) {
    if (held >= most) {
      return Future.failedFuture(
          new Refusal(ErrorCode.UNAVAILABLE, "%d requests are held already".formatted(most)));
    }
    byThing.add(wait);
    byDeadline.add(wait);
    held = byThing.size();
    return look.get()
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
    return sort.over().test(thing) || wait.isChange(thing, sort.version().applyAsLong(thing));
  }

  private void release(HeldRequest<T> wait) {
    byThing.remove(wait);
    byDeadline.remove(wait);
    held = byThing.size();
  }

  /** Lets go of it on the room's thread. */
  void releaseSoon(HeldRequest<T> wait) {
    component.execute(() -> release(wait));
  }

  /** Answers those for whom it is news. */
  public void changed(T thing) {
    String id = sort.id().apply(thing);
    List<HeldRequest<T>> answered = new ArrayList<>();
    for (HeldRequest<T> wait :
        byThing.tailSet(HeldRequest.forCompletion(id, new HeldRequest.Place<>(0, 0, this)))) {
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

  /** Lets go of those whose time is over, and gives them. */
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

  /** Lets go of all, and gives them; who comes after that is answered by the first look. */
  public List<HeldRequest<T>> drain() {
    draining = true;
    return take(Long.MAX_VALUE);
  }

  /** Lets go of all, and tells them that there will be no answer. */
  public void refuseAll(Refusal refusal) {
    take(Long.MAX_VALUE).forEach(wait -> wait.refuse(refusal));
  }

  /** How many are held. */
  public int held() {
    return held;
  }
}
