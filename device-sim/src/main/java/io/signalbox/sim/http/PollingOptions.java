package io.signalbox.sim.http;

import java.util.OptionalLong;

/**
 * How devices visit the hub that are not always linked with it.
 *
 * @param everyMillis time between short polls, or for which a long poll is held; empty: as the hub
 *     says
 * @param power what they say of their power; their own bounds win over the hub's plan
 * @param gzip whether bodies are compressed that are worth it
 */
public record PollingOptions(OptionalLong everyMillis, PowerProfile power, boolean gzip) {
  /** As the hub says. */
  public static final PollingOptions USUAL =
      new PollingOptions(OptionalLong.empty(), PowerProfile.NONE, false);

  /** Seconds that the hub holds a long poll at most. */
  private static final long LONGEST_HOLD = 60;

  private static final long LEAST_MILLIS = 1_000;
  private static final long USUAL_HOLD = 30;
  private static final long USUAL_EVERY_MILLIS = 10_000;

  /** Milliseconds until the next visit, if the hub has planned it so; 0 if it has not. */
  long untilNext(long plannedMillis) {
    long planned = plannedMillis > 0 ? plannedMillis : USUAL_EVERY_MILLIS;
    return power.clamp(everyMillis.orElse(planned));
  }

  /** Milliseconds that pass between two visits in any case. */
  long leastMillis() {
    return power.minMillis().orElse(LEAST_MILLIS);
  }

  /** Seconds for which a long poll is to be held. */
  long holdSeconds() {
    return everyMillis.isPresent()
        ? Math.clamp(everyMillis.getAsLong() / 1000, 1, LONGEST_HOLD)
        : USUAL_HOLD;
  }
}
