package io.signalbox.hub.job;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** What can be set of jobs. */
public record JobSettings(
    @Setting(
            value = "64",
            range = "1..1000",
            doc = "Most commands that a job hands to devices' queues at the same moment.")
        int inHand,
    @Setting(
            value = "1000",
            range = "1..100000",
            doc = "Most jobs that are not over at a time; more are answered 503.")
        int running,
    @Setting(
            value = "20000",
            range = "1..1000000",
            doc = "Most requests held until a job changes; more are answered 503.")
        int waits,
    @Setting(value = "30d", range = "1h..3650d", doc = "How long a job is kept after its end.")
        Duration retention) {

  /** The settings of a hub that nobody configured. */
  public static JobSettings standard() {
    return new JobSettings(64, 1_000, 20_000, Duration.ofDays(30));
  }
}
