package io.signalbox.hub.polling;

/**
 * How one device's commands come: made by {@link PollingPlan#rhythm}, to be kept with the device
 * and given back to the plan. Threading: one thread at a time.
 */
public final class Rhythm {
  /** Time scales, s: what came within each is counted, the older the less. */
  private static final double[] SCALES = {60, 86_400};

  private static final double MUCH_FASTER = 2;

  private final Terms terms;
  private final double[] counts = new double[SCALES.length];
  private final double[] seen = new double[SCALES.length];
  private long last;
  private float stretched = 1;

  Rhythm(Terms terms, long now) {
    this.terms = terms;
    this.last = now;
  }

  Terms terms() {
    return terms;
  }

  float stretched() {
    return stretched;
  }

  void stretched(double factor) {
    stretched = (float) factor;
  }

  void commandCame(long at) {
    age(at);
    for (int scale = 0; scale < SCALES.length; scale++) {
      counts[scale] += 1;
    }
  }

  /** The interval that fits the rhythm. */
  Draft wish(double pollCost, long now) {
    double rate = rate(now);
    double millis = 1_000 * Math.sqrt(2 * pollCost / rate);
    return new Draft(millis, rate > MUCH_FASTER * usualRate() ? Because.RECENT : Because.IDLE);
  }

  /** Commands a second to expect now. */
  private double rate(long now) {
    age(now);
    return Math.max(shortRate(), usualRate());
  }

  /** What it is in the long run. */
  private double usualRate() {
    return (counts[1] + 1) / (seen[1] + 1 / terms.commandsPerSecond());
  }

  private double shortRate() {
    return counts[0] < 2 ? 0 : (counts[0] - 1) / SCALES[0];
  }

  private void age(long now) {
    if (now <= last) {
      return;
    }
    double seconds = (now - last) / 1_000.0;
    last = now;
    for (int scale = 0; scale < SCALES.length; scale++) {
      double left = Math.exp(-seconds / SCALES[scale]);
      counts[scale] *= left;
      seen[scale] = SCALES[scale] - (SCALES[scale] - seen[scale]) * left;
    }
  }
}
