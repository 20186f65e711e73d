package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.keys.LookupCache;
import io.signalbox.hub.model.Event.Change;
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
  private final HubClock clock;
  private final LookupCache<String, KnownUnits> known;

  /**
   * Units in this store.
   *
   * @param registry says which devices are deleted
   */
  public MetricUnits(DescriptionStore store, DeviceRegistry registry, HubClock clock) {
    this.store = store;
    this.clock = clock;
    known = new LookupCache<>(REMEMBERED_DEVICES, clock);
    registry.onChange(Change.DELETED, known::remove);
  }

  /** Forgets what it remembers, because events of other nodes may have been lost. */
  public void refresh() {
    known.clear();
  }

  /** The units of a device's readings. Safe on any thread. */
  private static final class KnownUnits {
    private volatile Map<String, String> byMetric;
    private long changed;

    KnownUnits(Map<String, String> byMetric) {
      this.byMetric = byMetric;
    }

    boolean has(Map<String, String> units) {
      return byMetric.entrySet().containsAll(units.entrySet());
    }

    /**
     * Adds those that may be added.
     *
     * @param now Unix milliseconds
     * @return what was added and changed, by metric
     */
    synchronized Map<String, String> add(Map<String, String> units, long now) {
      boolean mayChange = now - changed >= CHANGE_INTERVAL;
      Map<String, String> all = new HashMap<>(byMetric);
      Map<String, String> added = new HashMap<>();
      for (Map.Entry<String, String> named : units.entrySet()) {
        String unit = all.get(named.getKey());
        boolean isNew = unit == null && all.size() < MAX_METRICS;
        boolean isOther = unit != null && mayChange && !unit.equals(named.getValue());
        if ((isNew || isOther) && named.getValue().length() <= MAX_LENGTH) {
          all.put(named.getKey(), named.getValue());
          added.put(named.getKey(), named.getValue());
          changed = isOther ? now : changed;
        }
      }
      byMetric = Map.copyOf(all);
      return added;
    }
  }

  private Future<KnownUnits> known(String device) {
    return known.get(device, id -> store.units(id).map(KnownUnits::new));
  }

  /** The units of a device's readings, by metric. */
  public Future<Map<String, String>> of(String device) {
    return known(device).map(units -> units.byMetric);
  }

  /** The same for many devices, by device and metric, with at most one look-up. */
  Future<Map<String, Map<String, String>>> of(List<String> devices) {
    Map<String, Map<String, String>> all = new HashMap<>();
    List<String> unread = new ArrayList<>();
    for (String device : devices) {
      KnownUnits present = known.present(device);
      if (present == null) {
        unread.add(device);
      } else {
        all.put(device, present.byMetric);
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
    KnownUnits present = known.present(device);
    if (present == null) {
      known(device).onSuccess(stored -> addUnlessRemoved(device, stored, units));
    } else {
      add(device, present, units);
    }
  }

  /** A device that was deleted during its look-up is no longer known, and may have a successor. */
  private void addUnlessRemoved(String device, KnownUnits found, Map<String, String> units) {
    if (found.equals(known.present(device))) {
      add(device, found, units);
    }
  }

  private void add(String device, KnownUnits present, Map<String, String> units) {
    if (present.has(units)) {
      return;
    }
    Map<String, String> added = present.add(units, clock.wallMillis());
    if (!added.isEmpty()) {
      store.putUnits(device, added).onFailure(refused -> known.remove(device));
    }
  }
}
