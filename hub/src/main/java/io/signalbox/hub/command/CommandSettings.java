package io.signalbox.hub.command;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** Settings of commands. */
public record CommandSettings(
    @Setting(
            value = "50",
            range = "1..10000",
            doc = "Maximum number of commands queued for one device; more get 429.")
        int maxQueued,
    @Setting(
            value = "16",
            range = "1..1000",
            doc = "Maximum number of unanswered commands in one device session.")
        int maxInFlight,
    @Setting(
            value = "20000",
            range = "1..1000000",
            doc = "Maximum number of requests held until a command changes; more get 503.")
        int maxHeldRequests,
    @Setting(value = "30d", range = "1h..3650d", doc = "Retention of finished commands.")
        Duration retention) {}
