package io.signalbox.hub.polling;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** Settings of adaptive polling. */
public record PollingSettings(
    @Setting(
            value = "1.0",
            range = "0.001..1000000",
            doc =
                "Cost of a poll, expressed as seconds of delay of one command: four times the cost"
                    + " halves the poll rate. The device's own `power.pollCost` takes precedence.")
        double pollCost,
    @Setting(
            value = "1s",
            range = "10ms..30d",
            doc = "Minimum interval between polls of a device that specifies none.")
        Duration minInterval,
    @Setting(
            value = "1h",
            range = "1s..30d",
            doc = "Maximum interval between polls of a device that specifies none.")
        Duration maxInterval,
    @Setting(
            value = "1h",
            range = "1s..30d",
            doc =
                "Assumed time between commands to a device before anything is known of it or of its"
                    + " type.")
        Duration commandInterval,
    @Setting(
            value = "30",
            range = "0..100",
            doc =
                "Battery charge, in percent, below which poll intervals grow: half of this charge"
                    + " doubles the interval.")
        int lowBatteryPercent,
    @Setting(
            value = "2000",
            range = "1..10000000",
            doc =
                "Polls per second that the hub should answer; if more are expected, all intervals"
                    + " are stretched.")
        int maxPollsPerSecond,
    @Setting(
            value = "20",
            range = "1..1000",
            doc = "Maximum factor by which an overloaded hub stretches intervals.")
        double maxLoadFactor) {

  /** Rejects a maximum below the minimum. */
  public PollingSettings {
    if (maxInterval.compareTo(minInterval) < 0) {
      throw new IllegalArgumentException("maxInterval is less than minInterval");
    }
  }

  /** The default settings. */
  public static PollingSettings standard() {
    return new PollingSettings(
        1, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(1), 30, 2_000, 20);
  }

  /** The policy of devices whose type has no policy of its own. */
  TypePolicy usual() {
    return TypePolicy.of(pollCost, minInterval, maxInterval, commandInterval);
  }
}
