package io.signalbox.hub.polling;

/**
 * Between which intervals a device polls. What it says itself wins over the terms of its type.
 *
 * @param least milliseconds
 * @param most milliseconds, not below {@code least}
 * @param own whether the least is the device's own wish
 */
record IntervalBounds(double least, double most, boolean own) {
  /** Above a least interval that is beyond the type's longest, there is to be room for jitter. */
  private static final double ROOM = 1.25;

  static IntervalBounds of(PowerProfile power, TypePolicy terms) {
    double most = power.maxInterval() == null ? (double) terms.maxMillis() : power.maxInterval();
    if (power.minInterval() == null) {
      return new IntervalBounds(Math.min((double) terms.minMillis(), most), most, false);
    }
    double least = power.minInterval();
    return new IntervalBounds(
        least, power.maxInterval() == null ? Math.max(least * ROOM, most) : most, true);
  }

  double clamp(double millis) {
    return Math.clamp(millis, least, most);
  }
}
