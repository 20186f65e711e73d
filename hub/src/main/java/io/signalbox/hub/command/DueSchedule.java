package io.signalbox.hub.command;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The times at which mailboxes have something to do, soonest first.
 *
 * <p>Threading: tasks of the engine.
 */
final class DueSchedule {
  private record Entry(long at, String device) {
    static final Comparator<Entry> SOONEST =
        Comparator.comparingLong(Entry::at).thenComparing(Entry::device);
  }

  private final TreeSet<Entry> soonest = new TreeSet<>(Entry.SOONEST);
  private final Map<String, Entry> byDevice = new HashMap<>();

  /** Replaces the time of a device; {@code Long.MAX_VALUE} for never. */
  void put(String device, long at) {
    Entry present = byDevice.get(device);
    if (present == null ? at == Long.MAX_VALUE : present.at() == at) {
      return;
    }
    remove(device);
    if (at != Long.MAX_VALUE) {
      Entry made = new Entry(at, device);
      soonest.add(made);
      byDevice.put(device, made);
    }
  }

  /** Removes and returns the devices whose time has come. */
  Set<String> takeDue(long now) {
    Set<String> due = new HashSet<>();
    while (!soonest.isEmpty() && soonest.first().at() <= now) {
      String device = soonest.first().device();
      remove(device);
      due.add(device);
    }
    return due;
  }

  /** Removes and returns all devices. */
  Set<String> clear() {
    Set<String> all = Set.copyOf(byDevice.keySet());
    byDevice.clear();
    soonest.clear();
    return all;
  }

  private void remove(String device) {
    Entry present = byDevice.remove(device);
    if (present != null) {
      soonest.remove(present);
    }
  }
}
