package io.signalbox.hub.keys;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was looked up most recently, at most so many. What is forgotten stays forgotten: a
 * look-up that was under way meanwhile does not bring the old answer back.
 *
 * <p>Threading: any thread.
 */
public final class LookupCache<K, V> {
  private final Map<K, V> kept;
  private long forgotten;

  /** Keeps at most {@code capacity} answers. */
  public LookupCache(int capacity) {
    kept =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
          }
        };
  }

  /** What is remembered of the key, or else what the look-up answers. */
  public Future<V> get(K key, Function<K, Future<V>> lookUp) {
    @Nullable V value;
    long lookups;
    synchronized (this) {
      value = kept.get(key);
      lookups = forgotten;
    }
    return value != null
        ? Future.succeededFuture(value)
        : lookUp.apply(key).onSuccess(found -> keep(key, found, lookups));
  }

  /** Forgets every answer of which this holds; tells what they were asked by. */
  public synchronized List<K> forget(Predicate<V> stale) {
    forgotten++;
    List<K> keys =
        kept.entrySet().stream()
            .filter(entry -> stale.test(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    keys.forEach(kept::remove);
    return keys;
  }

  private synchronized void keep(K key, V found, long lookups) {
    if (lookups == forgotten) {
      kept.put(key, found);
    }
  }
}
