package io.signalbox.hub.polling;

import io.signalbox.hub.model.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of its own power: the key {@code power} of an exchange. Its bounds always win.
 * What is null is taken from the settings of its type.
 *
 * @param minInterval milliseconds that are to pass between two polls, 1 to 30 days
 * @param maxInterval milliseconds that may pass at most, 1 to 30 days, not below {@code
 *     minInterval}
 * @param pollCost what a poll is worth to it, in seconds that one command waits, 0.001 to a million
 * @param batteryPercent charge, 0 to 100; little charge makes polls dearer
 * @param windows when it can be reached, at most 24; empty: always
 */
public record PowerProfile(
    @Nullable Long minInterval,
    @Nullable Long maxInterval,
    @Nullable Double pollCost,
    @Nullable Double batteryPercent,
    List<AvailabilityWindow> windows) {
  /** Of a device that said nothing. */
  public static final PowerProfile UNSAID = new PowerProfile(null, null, null, null, List.of());

  private static final double LONGEST = 30.0 * 24 * 3_600_000;
  private static final int MOST_WINDOWS = 24;

  /** {@code INVALID}, naming the field, as {@code power.minInterval}. */
  public PowerProfile {
    check("minInterval", minInterval, 1, LONGEST);
    check("maxInterval", maxInterval, 1, LONGEST);
    check("pollCost", pollCost, 0.001, 1e6);
    check("batteryPercent", batteryPercent, 0, 100);
    if (minInterval != null && maxInterval != null && maxInterval < minInterval) {
      throw refused("maxInterval", "must not be below minInterval");
    }
    if (windows.size() > MOST_WINDOWS) {
      throw refused("windows", "must be at most " + MOST_WINDOWS);
    }
    windows = List.copyOf(windows);
  }

  private static void check(String field, @Nullable Number value, double least, double most) {
    if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      throw refused(field, "must be " + words(least) + " to " + words(most));
    }
  }

  private static Refusal refused(String field, String detail) {
    return new Refusal(Refusal.ErrorCode.INVALID, "power." + field, detail);
  }

  private static String words(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
