package io.signalbox.sim.device;

import io.signalbox.sim.link.Backoff;
import java.util.random.RandomGenerator;

/**
 * When a device may send: within the readings a second that the hub's welcome allows, and not while
 * the hub has asked it to hold on.
 */
final class RateLimiter {
  /** So much of the allowance may be used up at once. */
  private static final long BURST_MILLIS = 250;

  private static final long LEAST_HOLD_MILLIS = 50;

  private final Backoff holdLonger = new Backoff(200, 5_000);
  private double millisForReading;
  private double usedUpTo;
  private long heldUntil;
  private boolean probing;

  /** The hub allows so many; 0 for as many as one likes. */
  void limitTo(int readingsPerSecond) {
    millisForReading = readingsPerSecond == 0 ? 0 : 1000.0 / readingsPerSecond;
  }

  /** Whether a message may be sent now. */
  boolean allows(long now) {
    return now >= opensAt();
  }

  /** When the next message may be sent. */
  long opensAt() {
    return Math.max(heldUntil, (long) Math.ceil(usedUpTo) - BURST_MILLIS);
  }

  void sent(int readings, long now) {
    usedUpTo = Math.max(usedUpTo, (double) now) + readings * millisForReading;
  }

  /** The hub will not take more just now: longer each time it says so, and as long as it says. */
  void holdOn(long now, long atLeastMillis, RandomGenerator random) {
    long least = Math.max(LEAST_HOLD_MILLIS, atLeastMillis);
    heldUntil = Math.max(heldUntil, now + least + holdLonger.next(random));
    probing = true;
  }

  /** Whether only one message is to be tried, because the last were not taken. */
  boolean isProbing() {
    return probing;
  }

  /** The hub took something: the next hold is a short one again. */
  void wentWell() {
    holdLonger.reset();
    probing = false;
  }
}
