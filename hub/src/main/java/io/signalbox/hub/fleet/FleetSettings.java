package io.signalbox.hub.fleet;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** What can be set of presence and twins. */
public record FleetSettings(
    @Setting(
            value = "6",
            range = "3..1000",
            doc =
                "From so many sessions that began or ended within `calm` a device is named unsteady.")
        int unsteadyChanges,
    @Setting(
            value = "5m",
            range = "10s..1d",
            doc = "How long a flapping device must be calm until it is not named any more.")
        Duration calm,
    @Setting(
            value = "10s",
            range = "1s..1h",
            doc =
                "How late a poller may at least be before it is overdue; a quarter of its interval"
                    + " if that is longer.")
        Duration pollSlack,
    @Setting(
            value = "5m",
            range = "1s..7d",
            doc =
                "How long a poller is at least waited for past its plan before it is offline; three"
                    + " of its intervals if that is longer.")
        Duration pollPatience,
    @Setting(
            value = "100",
            range = "1..10000",
            doc = "How many changes of each side of a device's twin are kept.")
        int twinHistory) {

  /** The settings of a hub that nobody configured. */
  public static FleetSettings standard() {
    return new FleetSettings(
        6, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(5), 100);
  }
}
