package io.signalbox.hub.polling;

/**
 * Bounds of a device's poll interval. The device's own bounds take precedence over its type's.
 *
 * @param least minimum, in milliseconds
 * @param most maximum, in milliseconds, at least {@code least}
 * @param own whether the device itself set the minimum
 */
record IntervalBounds(double least, double most, boolean own) {
  /** Factor from a device's minimum to the maximum, if it exceeds the type's; allows jitter. */
  private static final double JITTER_ROOM = 1.25;

  static IntervalBounds of(PowerProfile power, TypePolicy policy) {
    double most = power.maxInterval() == null ? (double) policy.maxMillis() : power.maxInterval();
    if (power.minInterval() == null) {
      return new IntervalBounds(Math.min((double) policy.minMillis(), most), most, false);
    }
    double least = power.minInterval();
    return new IntervalBounds(
        least, power.maxInterval() == null ? Math.max(least * JITTER_ROOM, most) : most, true);
  }

  double clamp(double millis) {
    return Math.clamp(millis, least, most);
  }
}
