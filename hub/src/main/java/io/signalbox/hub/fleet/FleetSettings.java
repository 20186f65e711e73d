package io.signalbox.hub.fleet;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** Settings of presence and twins. */
public record FleetSettings(
    @Setting(
            value = "6",
            range = "3..1000",
            doc =
                "Number of session starts and ends within `flappingWindow` from which a device counts"
                    + " as flapping.")
        int flappingThreshold,
    @Setting(
            value = "5m",
            range = "10s..1d",
            doc = "Time without changes after which a device no longer counts as flapping.")
        Duration flappingWindow,
    @Setting(
            value = "10s",
            range = "1s..1h",
            doc =
                "Minimum delay after which a missing poll makes a device overdue; a quarter of its"
                    + " interval if that is longer.")
        Duration pollOverdueAfter,
    @Setting(
            value = "5m",
            range = "1s..7d",
            doc =
                "Minimum delay after which a missing poll makes a device offline; three of its"
                    + " intervals if that is longer.")
        Duration pollOfflineAfter,
    @Setting(
            value = "100",
            range = "1..10000",
            doc = "Number of changes kept for each half of a device's twin.")
        int twinHistory) {

  /** The default settings. */
  public static FleetSettings standard() {
    return new FleetSettings(
        6, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(5), 100);
  }
}
