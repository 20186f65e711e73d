package io.signalbox.hub.gateway;

/**
 * How much a device may send: a generic cell rate algorithm (ITU-T I.371), which needs one number
 * for each device and no timer. A device may save up a burst; beyond it, it is told how long to
 * wait.
 */
public final class RateLimiter {
  private static final long NANOS = 1_000_000_000L;

  private final long nanosPerReading;
  private final long burstNanos;

  /**
   * An allowance for many devices.
   *
   * @param perSecond readings a second in the long run; 0 for no limit
   * @param burst readings that may come at once after a pause
   */
  RateLimiter(int perSecond, int burst) {
    this.nanosPerReading = perSecond == 0 ? 0 : NANOS / perSecond;
    this.burstNanos = burst * nanosPerReading;
  }

  /** The device's number after so many readings at that time. */
  public long after(long number, long nowNanos, int readings) {
    return Math.max(number, nowNanos) + readings * nanosPerReading;
  }

  /** Nanoseconds that the device should be held back. */
  public long excess(long number, long nowNanos) {
    return nanosPerReading == 0 ? 0 : Math.max(0, number - nowNanos - burstNanos);
  }
}
