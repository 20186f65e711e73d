package io.signalbox.hub.gateway;

/**
 * Rate limit per device: a generic cell rate algorithm (ITU-T I.371), which needs one number per
 * device and no timer. A device may send a burst after a pause; beyond it, the result is the time
 * to wait.
 */
public final class RateLimiter {
  private static final long NANOS = 1_000_000_000L;

  private final int perSecond;
  private final long nanosPerReading;
  private final long burstNanos;

  /**
   * Creates the limit for all devices.
   *
   * @param perSecond readings per second in the long run; 0 for no limit
   * @param burst readings that may arrive at once after a pause
   */
  RateLimiter(int perSecond, int burst) {
    this.perSecond = perSecond;
    this.nanosPerReading = perSecond == 0 ? 0 : NANOS / perSecond;
    this.burstNanos = burst * nanosPerReading;
  }

  /** Readings per second in the long run; 0 for no limit. */
  public int perSecond() {
    return perSecond;
  }

  /** The device's new number after some readings. */
  public long after(long number, long nowNanos, int readings) {
    return Math.max(number, nowNanos) + readings * nanosPerReading;
  }

  /** How long to pause the device, in nanoseconds. */
  public long excess(long number, long nowNanos) {
    return nanosPerReading == 0 ? 0 : Math.max(0, number - nowNanos - burstNanos);
  }
}
