package io.signalbox.hub.polling;

import io.signalbox.hub.config.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can be set of the plan for devices that poll. */
public record PollingSettings(
    @Setting(
            value = "1.0",
            range = "0.001..1000000",
            doc =
                "What a poll is worth, in seconds that one command waits: four times as much makes"
                    + " polls half as frequent. A device's own `power.pollCost` goes before it.")
        double pollCost,
    @Setting(
            value = "1s",
            range = "10ms..30d",
            doc = "Shortest interval between two polls of a device that names none.")
        Duration minInterval,
    @Setting(
            value = "1h",
            range = "1s..30d",
            doc = "Longest interval between two polls of a device that names none.")
        Duration maxInterval,
    @Setting(
            value = "1h",
            range = "1s..30d",
            doc =
                "How often a device is expected to get a command before anything is known of it or"
                    + " of its type.")
        Duration commandEvery,
    @Setting(
            value = "",
            pattern = "[^\\n]{0,4096}",
            doc =
                "The same for the devices of a type, as `valve pollCost=5 minInterval=10s"
                    + " maxInterval=1d commandEvery=2h; meter commandEvery=7d`.")
        @Nullable String types,
    @Setting(
            value = "30",
            range = "0..100",
            doc =
                "Below this charge, in percent, a device's polls become rarer: half of it left,"
                    + " twice the interval.")
        int lowBattery,
    @Setting(
            value = "2000",
            range = "1..10000000",
            doc =
                "Polls a second that the hub is to answer; if more would come, all intervals are"
                    + " stretched.")
        int pollsPerSecond,
    @Setting(
            value = "20",
            range = "1..1000",
            doc = "How many times longer than planned an overloaded hub makes intervals at most.")
        double maxStretch) {

  /** Refuses types that cannot be read, and bounds that cross. */
  public PollingSettings {
    if (maxInterval.compareTo(minInterval) < 0) {
      throw new IllegalArgumentException("maxInterval must not be below minInterval");
    }
    TypePolicy.ofTypes(types, TypePolicy.usual(pollCost, minInterval, maxInterval, commandEvery));
  }

  /** The settings of a hub that nobody configured. */
  public static PollingSettings standard() {
    return new PollingSettings(
        1, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(1), "", 30, 2_000, 20);
  }

  /** What holds for a device whose type has no terms of its own. */
  TypePolicy usual() {
    return TypePolicy.usual(pollCost, minInterval, maxInterval, commandEvery);
  }
}
