package io.signalbox.hub.command;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** What can be set of commands. */
public record CommandSettings(
    @Setting(
            value = "50",
            range = "1..10000",
            doc = "Most commands queued for one device; more are answered 429.")
        int queued,
    @Setting(
            value = "16",
            range = "1..1000",
            doc = "Most commands that a session is handed before it has answered any of them.")
        int window,
    @Setting(
            value = "20000",
            range = "1..1000000",
            doc = "Most requests held until a command changes; more are answered 503.")
        int waits,
    @Setting(value = "30d", range = "1h..3650d", doc = "How long a command is kept after its end.")
        Duration retention) {

  /** The settings of a hub that nobody configured. */
  public static CommandSettings standard() {
    return new CommandSettings(50, 16, 20_000, Duration.ofDays(30));
  }
}
