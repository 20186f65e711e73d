package io.signalbox.sim.device;

import io.signalbox.sim.link.Backoff;
import java.util.random.RandomGenerator;

/**
 * Limits sending to the readings per second that the hub's welcome allows, and pauses while the hub
 * asks for it.
 */
final class RateLimiter {
  /** Burst size, as time. */
  private static final long BURST_MILLIS = 250;

  private static final long LEAST_HOLD_MILLIS = 50;

  private final Backoff holdLonger = new Backoff(200, 5_000);
  private double millisForReading;
  private double usedUpTo;
  private long heldUntil;
  private boolean probing;

  /** Sets the allowed readings per second; 0 for unlimited. */
  void limitTo(int readingsPerSecond) {
    millisForReading = readingsPerSecond == 0 ? 0 : 1000.0 / readingsPerSecond;
  }

  /** Whether sending is allowed now. */
  boolean allows(long now) {
    return now >= opensAt();
  }

  /** Time of the next allowed message. */
  long opensAt() {
    return Math.max(heldUntil, (long) Math.ceil(usedUpTo) - BURST_MILLIS);
  }

  void sent(int readings, long now) {
    usedUpTo = Math.max(usedUpTo, (double) now) + readings * millisForReading;
  }

  /** Pauses after a deferral, at least as long as the hub asks, with growing backoff. */
  void holdOn(long now, long atLeastMillis, RandomGenerator random) {
    long least = Math.max(LEAST_HOLD_MILLIS, atLeastMillis);
    heldUntil = Math.max(heldUntil, now + least + holdLonger.next(random));
    probing = true;
  }

  /** Whether to send a single message because the last ones were deferred. */
  boolean isProbing() {
    return probing;
  }

  /** Resets the backoff after an accepted message. */
  void wentWell() {
    holdLonger.reset();
    probing = false;
  }
}
