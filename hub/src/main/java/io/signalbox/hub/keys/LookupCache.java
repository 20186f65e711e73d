package io.signalbox.hub.keys;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * LRU cache of asynchronous lookups. A lookup that is in progress while its entry is removed does
 * not put the old value back.
 *
 * <p>Threading: any thread.
 */
public final class LookupCache<K, V> {
  private final Map<K, V> values;
  private long forgotten;

  /** Creates a cache of at most {@code capacity} values. */
  public LookupCache(int capacity) {
    values =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
          }
        };
  }

  /** The cached value of the key, or else the result of the lookup. */
  public Future<V> get(K key, Function<K, Future<V>> lookUp) {
    @Nullable V value;
    long lookups;
    synchronized (this) {
      value = values.get(key);
      lookups = forgotten;
    }
    return value != null
        ? Future.succeededFuture(value)
        : lookUp.apply(key).onSuccess(found -> keep(key, found, lookups));
  }

  /** Removes every value that matches; returns their keys. */
  public synchronized List<K> forget(Predicate<V> stale) {
    forgotten++;
    List<K> keys =
        values.entrySet().stream()
            .filter(entry -> stale.test(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    keys.forEach(values::remove);
    return keys;
  }

  private synchronized void keep(K key, V found, long lookups) {
    if (lookups == forgotten) {
      values.put(key, found);
    }
  }
}
