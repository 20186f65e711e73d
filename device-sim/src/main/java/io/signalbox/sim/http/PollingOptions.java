package io.signalbox.sim.http;

import java.util.OptionalLong;

/**
 * Polling options of devices without a permanent connection.
 *
 * @param everyMillis time between short polls, or hold time of a long poll; empty: the hub's plan
 * @param power reported power profile; its bounds take precedence over the hub's plan
 * @param gzip whether large bodies are compressed
 */
public record PollingOptions(OptionalLong everyMillis, PowerProfile power, boolean gzip) {
  /** Defaults: the hub's plan, no power profile, no compression. */
  public static final PollingOptions USUAL =
      new PollingOptions(OptionalLong.empty(), PowerProfile.NONE, false);

  /** Maximum hold time of a long poll, seconds. */
  private static final long LONGEST_HOLD = 60;

  private static final long LEAST_MILLIS = 1_000;
  private static final long USUAL_HOLD = 30;
  private static final long USUAL_EVERY_MILLIS = 10_000;

  /** Milliseconds until the next contact, given the hub's plan; 0 if it has none. */
  long untilNext(long plannedMillis) {
    long planned = plannedMillis > 0 ? plannedMillis : USUAL_EVERY_MILLIS;
    return power.clamp(everyMillis.orElse(planned));
  }

  /** Minimum milliseconds between two contacts. */
  long leastMillis() {
    return power.minMillis().orElse(LEAST_MILLIS);
  }

  /** Hold time of a long poll, seconds. */
  long holdSeconds() {
    return everyMillis.isPresent()
        ? Math.clamp(everyMillis.getAsLong() / 1000, 1, LONGEST_HOLD)
        : USUAL_HOLD;
  }
}
