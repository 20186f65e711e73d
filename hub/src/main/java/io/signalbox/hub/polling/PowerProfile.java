package io.signalbox.hub.polling;

import io.signalbox.hub.model.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Power report of a device: the key {@code power} of an exchange. Its bounds always take
 * precedence; null components use the settings of the device's type.
 *
 * @param minInterval minimum interval between polls, 1 millisecond to 30 days
 * @param maxInterval maximum interval, 1 millisecond to 30 days, at least {@code minInterval}
 * @param pollCost cost of a poll, in seconds of delay of one command, 0.001 to a million
 * @param batteryPercent battery charge, 0 to 100; a low charge lengthens intervals
 * @param windows times at which the device can be reached, at most 24; empty for always
 */
public record PowerProfile(
    @Nullable Long minInterval,
    @Nullable Long maxInterval,
    @Nullable Double pollCost,
    @Nullable Double batteryPercent,
    List<AvailabilityWindow> windows) {
  /** The profile of a device without a power report. */
  public static final PowerProfile UNSAID = new PowerProfile(null, null, null, null, List.of());

  private static final double MAX_INTERVAL = 30.0 * 24 * 3_600_000;
  private static final int MAX_WINDOWS = 24;

  /** Throws {@code INVALID} with the field, as {@code power.minInterval}. */
  public PowerProfile {
    check("minInterval", minInterval, 1, MAX_INTERVAL);
    check("maxInterval", maxInterval, 1, MAX_INTERVAL);
    check("pollCost", pollCost, 0.001, 1e6);
    check("batteryPercent", batteryPercent, 0, 100);
    if (minInterval != null && maxInterval != null && maxInterval < minInterval) {
      throw refused("maxInterval", "must be at least minInterval");
    }
    if (windows.size() > MAX_WINDOWS) {
      throw refused("windows", "must have at most %d entries".formatted(MAX_WINDOWS));
    }
    windows = List.copyOf(windows);
  }

  private static void check(String field, @Nullable Number value, double least, double most) {
    if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      throw refused(field, "must be a number from " + words(least) + " to " + words(most));
    }
  }

  private static Refusal refused(String field, String detail) {
    String path = "power." + field;
    return new Refusal(Refusal.ErrorCode.INVALID, path, path + " " + detail);
  }

  private static String words(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
