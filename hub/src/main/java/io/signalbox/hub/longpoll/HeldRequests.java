package io.signalbox.hub.longpoll;

import io.signalbox.hub.clock.MonotonicClock;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
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
  private static final long LONGEST_WAIT_MILLIS = Duration.ofMinutes(10).toMillis();

  private final int limit;
  private final Executor owner;
  private final MonotonicClock clock;
  private final Versioned<T> versioned;
  private final Function<String, Future<T>> read;
  private final AtomicLong numbers = new AtomicLong();
  private final TreeSet<HeldRequest<T>> byValue =
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
   * @param read reads a present value by id; completes on the owner's thread
   */
  public HeldRequests(
      int limit,
      Executor owner,
      MonotonicClock clock,
      Versioned<T> versioned,
      Function<String, Future<T>> read) {
    this.limit = limit;
    this.owner = owner;
    this.clock = clock;
    this.versioned = versioned;
    this.read = read;
  }

  /**
   * A request, not held yet, that completes when the value differs from the known one or changes.
   */
  public HeldRequest<T> forChange(String id, Predicate<T> known, Duration wait) {
    return newRequest(id, known, HeldRequest.NOT_READ, wait);
  }

  /** A request, not held yet, that completes when a value that does not exist yet is final. */
  public HeldRequest<T> forCompletion(Duration wait) {
    return forCompletion("", wait);
  }

  /** A request, not held yet, that completes when the value is final. */
  public HeldRequest<T> forCompletion(String id, Duration wait) {
    return newRequest(id, value -> true, HeldRequest.UNTIL_THE_END, wait);
  }

  private HeldRequest<T> newRequest(String id, Predicate<T> known, long seen, Duration wait) {
    long millis = Math.clamp(wait.toMillis(), 0, LONGEST_WAIT_MILLIS);
    long deadline = clock.monotonicMillis() + millis;
    return new HeldRequest<>(id, known, seen, deadline, numbers.incrementAndGet(), this);
  }

  /** Holds a request as {@link #enter(HeldRequest, Supplier)} does, and reads the value by id. */
  public Future<Void> enter(HeldRequest<T> request) {
    return enter(request, () -> read.apply(request.id()));
  }

  /**
   * Holds a request, then reads the value, so that no change is missed in between. A request that
   * was cancelled before is not held. Fails with {@code UNAVAILABLE} if too many are held, or with
   * the failure of the read.
   *
   * @param present supplies the present value; completes on the owner's thread
   */
  public Future<Void> enter(HeldRequest<T> request, Supplier<Future<T>> present) {
    if (request.outcome().isComplete()) {
      return Future.succeededFuture();
    }
    if (held >= limit) {
      return Future.failedFuture(
          new Refusal(
              ErrorCode.UNAVAILABLE, "too many held requests; the limit is %d".formatted(limit)));
    }
    byValue.add(request);
    byDeadline.add(request);
    held = byValue.size();
    return present
        .get()
        .onSuccess(value -> seen(request, value))
        .onFailure(unknown -> release(request))
        .mapEmpty();
  }

  private void seen(HeldRequest<T> request, T value) {
    if (draining || isChange(request, value) || request.deadline() <= clock.monotonicMillis()) {
      release(request);
      request.answer(value);
    }
  }

  private boolean isChange(HeldRequest<T> request, T value) {
    return versioned.over().test(value)
        || request.isChange(value, versioned.version().applyAsLong(value));
  }

  private void release(HeldRequest<T> request) {
    byValue.remove(request);
    byDeadline.remove(request);
    held = byValue.size();
  }

  /** Releases the request on the owner's thread. */
  void releaseSoon(HeldRequest<T> request) {
    owner.execute(() -> release(request));
  }

  /** Completes the requests for which this is a change. */
  public void changed(T value) {
    if (byValue.isEmpty()) {
      return;
    }
    String id = versioned.id().apply(value);
    List<HeldRequest<T>> answered = new ArrayList<>();
    for (HeldRequest<T> request : byValue.tailSet(firstOf(id))) {
      if (!request.id().equals(id)) {
        break;
      }
      if (isChange(request, value)) {
        answered.add(request);
      }
    }
    answered.forEach(this::release);
    answered.forEach(request -> request.answer(value));
  }

  /** Less than every held request for the value. */
  private HeldRequest<T> firstOf(String id) {
    return new HeldRequest<>(id, value -> true, HeldRequest.UNTIL_THE_END, 0, 0, this);
  }

  /** Answers the requests whose deadline has passed with the present state of their values. */
  public void answerExpired() {
    take(clock.monotonicMillis()).forEach(this::answer);
  }

  private void answer(HeldRequest<T> request) {
    read.apply(request.id()).onSuccess(request::answer).onFailure(request::refuse);
  }

  private List<HeldRequest<T>> take(long until) {
    List<HeldRequest<T>> due = new ArrayList<>();
    while (!byDeadline.isEmpty() && byDeadline.first().deadline() <= until) {
      HeldRequest<T> request = byDeadline.first();
      release(request);
      due.add(request);
    }
    return due;
  }

  /** Answers all requests with the present state of their values, and later ones at once. */
  public void drain() {
    draining = true;
    take(Long.MAX_VALUE).forEach(this::answer);
  }

  /** Releases all requests and fails them. */
  public void refuseAll(Refusal refusal) {
    take(Long.MAX_VALUE).forEach(request -> request.refuse(refusal));
  }

  /** The number of held requests. */
  public int held() {
    return held;
  }
}
