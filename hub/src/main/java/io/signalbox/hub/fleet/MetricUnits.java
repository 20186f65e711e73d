package io.signalbox.hub.fleet;

import com.github.benmanes.caffeine.cache.Cache;
import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.keys.LookupCache;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The units that readings name themselves, as in SenML: they are remembered once for each metric,
 * and hold where neither a type nor a description gives a unit.
 *
 * <p>Threading: any thread.
 */
public final class MetricUnits {
  /** Maximum number of metrics of a device whose units are remembered. */
  static final int MAX_METRICS = 500;

  /** Maximum length of a unit, in characters. */
  static final int MAX_LENGTH = 32;

  /** Least time between two changes of known units of a device, in milliseconds. */
  static final long CHANGE_INTERVAL = 60_000;

  private static final int REMEMBERED_DEVICES = 16_384;

  private final DescriptionStore store;
  private final WallClock clock;
  private final Cache<String, Known> known = LookupCache.bounded(REMEMBERED_DEVICES);

  /**
   * Units in this store.
   *
   * @param registry says which devices are deleted
   * @param clock Unix milliseconds
   */
  public MetricUnits(DescriptionStore store, DeviceRegistry registry, WallClock clock) {
    this.store = store;
    this.clock = clock;
    registry.onRemoval(known::invalidate);
  }

  /**
   * Units of a device.
   *
   * @param units by metric
   * @param changed when a known unit was last changed, Unix milliseconds
   */
  private record Known(Map<String, String> units, long changed) {}

  /** The units of a device's readings, by metric. */
  public Future<Map<String, String>> of(String device) {
    Known present = known.getIfPresent(device);
    return present == null ? store.units(device) : Future.succeededFuture(present.units());
  }

  /** The same for many devices, by device and metric, with at most one look-up. */
  Future<Map<String, Map<String, String>>> of(List<String> devices) {
    Map<String, Map<String, String>> all = new HashMap<>();
    List<String> unread = new ArrayList<>();
    for (String device : devices) {
      Known present = known.getIfPresent(device);
      if (present == null) {
        unread.add(device);
      } else {
        all.put(device, present.units());
      }
    }
    return unread.isEmpty()
        ? Future.succeededFuture(all)
        : store
            .units(unread)
            .map(
                stored -> {
                  all.putAll(stored);
                  return all;
                });
  }

  /** Remembers the units of a message; while they are known already, nothing is written. */
  public void note(String device, Map<String, String> units) {
    Known present = known.getIfPresent(device);
    if (present != null) {
      add(device, present, units);
    } else {
      store
          .units(device)
          .onSuccess(stored -> add(device, known.get(device, id -> new Known(stored, 0)), units));
    }
  }

  private void add(String device, Known present, Map<String, String> units) {
    if (present.units().entrySet().containsAll(units.entrySet())) {
      return;
    }
    long now = clock.wallMillis();
    boolean mayChange = now - present.changed() >= CHANGE_INTERVAL;
    boolean changes = false;
    Map<String, String> all = new HashMap<>(present.units());
    Map<String, String> added = new HashMap<>();
    for (Map.Entry<String, String> named : units.entrySet()) {
      String unit = all.get(named.getKey());
      boolean isNew = unit == null && all.size() < MAX_METRICS;
      boolean isOther = unit != null && mayChange && !unit.equals(named.getValue());
      if ((isNew || isOther) && named.getValue().length() <= MAX_LENGTH) {
        all.put(named.getKey(), named.getValue());
        added.put(named.getKey(), named.getValue());
        changes |= isOther;
      }
    }
    if (!added.isEmpty()) {
      known.put(device, new Known(Map.copyOf(all), changes ? now : present.changed()));
      store.putUnits(device, added).onFailure(refused -> known.invalidate(device));
    }
  }
}
