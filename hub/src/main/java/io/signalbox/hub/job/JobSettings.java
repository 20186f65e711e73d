package io.signalbox.hub.job;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** Settings of jobs. */
public record JobSettings(
    @Setting(
            value = "64",
            range = "1..1000",
            doc = "Maximum number of commands that a job submits at the same time.")
        int maxInFlight,
    @Setting(
            value = "1000",
            range = "1..100000",
            doc = "Maximum number of unfinished jobs; more get 503.")
        int maxActive,
    @Setting(
            value = "20000",
            range = "1..1000000",
            doc = "Maximum number of requests held until a job changes; more get 503.")
        int maxHeldRequests,
    @Setting(value = "30d", range = "1h..3650d", doc = "Retention of finished jobs.")
        Duration retention) {}
