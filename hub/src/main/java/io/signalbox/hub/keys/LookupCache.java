package io.signalbox.hub.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.signalbox.hub.clock.MonotonicClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Bounded cache of asynchronous lookups. Concurrent lookups of one key share a result. A lookup in
 * progress is in the cache as well, so that {@link #forget} can remove it: its result may be older
 * than the change that makes cached values stale.
 *
 * <p>Whoever keeps values that can change removes them when a topic says that they have changed.
 * {@link #MAX_AGE} bounds how long a value is used if that message is lost.
 *
 * <p>Threading: any thread. A shared result completes on the thread of the lookup.
 */
public final class LookupCache<K, V> {
  /** Age at which a value is looked up again. */
  public static final Duration MAX_AGE = Duration.ofMinutes(5);

  private final Cache<K, Future<V>> results;
  private final boolean isWeighed;

  /** Creates a cache of at most {@code capacity} values. */
  public LookupCache(int capacity, MonotonicClock clock) {
    results = LookupCache.<K, Future<V>>expiring(clock).maximumSize(capacity).build();
    isWeighed = false;
  }

  /**
   * Creates a cache of values whose weights add up to at most {@code capacity}. A lookup in
   * progress weighs 1.
   */
  public LookupCache(long capacity, ToIntFunction<V> weight, MonotonicClock clock) {
    results =
        LookupCache.<K, Future<V>>expiring(clock)
            .maximumWeight(capacity)
            .weigher(
                (K key, Future<V> result) ->
                    result.succeeded() ? Math.max(1, weight.applyAsInt(result.result())) : 1)
            .build();
    isWeighed = true;
  }

  @SuppressWarnings("unchecked") // A new builder fits every type.
  private static <K, V> Caffeine<K, V> expiring(MonotonicClock clock) {
    return (Caffeine<K, V>)
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .expireAfterWrite(MAX_AGE)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.monotonicMillis()));
  }

  /**
   * A Caffeine cache of at most {@code capacity} values. Eviction runs on the calling thread: it is
   * a few steps per insertion, and the common pool has no other work in the hub.
   */
  public static <K, V> Cache<K, V> bounded(int capacity) {
    return Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
  }

  /** The cached value of the key, or else the result of the lookup. Failures are not cached. */
  public Future<V> get(K key, Function<K, Future<V>> lookUp) {
    Future<V> known = results.getIfPresent(key);
    return known != null ? known : start(key, lookUp);
  }

  private Future<V> start(K key, Function<K, Future<V>> lookUp) {
    Promise<V> promise = Promise.promise();
    Future<V> result = promise.future();
    // Must be the first listener, so that a retry after a failure does not find the failed result.
    result.onFailure(failed -> results.asMap().remove(key, result));
    Future<V> other = results.asMap().putIfAbsent(key, result);
    if (other != null) {
      return other;
    }
    if (isWeighed) {
      result.onSuccess(known -> results.asMap().replace(key, result, result));
    }
    Future.succeededFuture(key).compose(lookUp).onComplete(promise);
    return result;
  }

  /** The cached value of the key; null if there is none. */
  public @Nullable V present(K key) {
    Future<V> known = results.getIfPresent(key);
    return known == null ? null : known.result();
  }

  /**
   * Removes every value that matches, and every lookup in progress; returns the keys of the values.
   * A lookup that starts during the call is kept, so the change must be visible to it.
   */
  public List<K> forget(Predicate<V> stale) {
    List<K> keys = new ArrayList<>();
    for (Map.Entry<K, Future<V>> entry : results.asMap().entrySet()) {
      Future<V> result = entry.getValue();
      if (!result.succeeded()) {
        results.asMap().remove(entry.getKey(), result);
      } else if (stale.test(result.result())) {
        results.asMap().remove(entry.getKey(), result);
        keys.add(entry.getKey());
      }
    }
    return keys;
  }

  /** Removes every value and every lookup in progress. */
  public void clear() {
    results.invalidateAll();
  }

  /** Removes the value of a key, or its lookup in progress. */
  public void remove(K key) {
    results.invalidate(key);
  }
}
