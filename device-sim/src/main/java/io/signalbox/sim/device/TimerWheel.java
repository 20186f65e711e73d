package io.signalbox.sim.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hashed timer wheel for all devices of an event loop, driven by one timer. A slot holds what is
 * due in one tick of each round. Confined to its event loop.
 */
public final class TimerWheel<T> {
  private static final int SLOTS = 1024;

  private record Entry<T>(long tick, T task) {}

  private final List<List<Entry<T>>> slots = new ArrayList<>(SLOTS);
  private final long tickMillis;
  private long tick;

  /** Creates a wheel with the given tick. */
  public TimerWheel(long tickMillis, long nowMillis) {
    this.tickMillis = tickMillis;
    this.tick = nowMillis / tickMillis;
    for (int slot = 0; slot < SLOTS; slot++) {
      slots.add(new ArrayList<>());
    }
  }

  /**
   * Schedules a task at the first tick at or after {@code atMillis}, the next tick at the earliest.
   */
  public void wakeAt(long atMillis, T task) {
    long due = Math.max(tick + 1, Math.ceilDiv(atMillis, tickMillis));
    slots.get(slot(due)).add(new Entry<>(due, task));
  }

  /** Advances to the current time and passes on what is due. */
  public void turn(long nowMillis, Consumer<T> wake) {
    long present = nowMillis / tickMillis;
    // After a long stall, one full round covers every slot.
    long from = Math.max(tick + 1, present - SLOTS + 1);
    tick = Math.max(tick, present);
    for (long t = from; t <= present; t++) {
      handOut(slot(t), present, wake);
    }
  }

  private void handOut(int slot, long present, Consumer<T> wake) {
    List<Entry<T>> entries = slots.get(slot);
    if (entries.isEmpty()) {
      return;
    }
    slots.set(slot, new ArrayList<>(entries.size()));
    for (Entry<T> entry : entries) {
      if (entry.tick <= present) {
        wake.accept(entry.task);
      } else {
        slots.get(slot).add(entry);
      }
    }
  }

  private static int slot(long tick) {
    return Math.floorMod(tick, SLOTS);
  }
}
