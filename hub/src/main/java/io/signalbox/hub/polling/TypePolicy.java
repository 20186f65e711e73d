package io.signalbox.hub.polling;

import io.signalbox.hub.model.PollingDefaults;
import java.time.Duration;
import java.util.Objects;

/**
 * Polling policy of a device type, for devices without a power report.
 *
 * @param pollCost cost of a poll, in seconds of delay of one command
 * @param minMillis minimum interval, in milliseconds
 * @param maxMillis maximum interval, in milliseconds
 * @param commandsPerSecond expected rate of commands
 */
record TypePolicy(double pollCost, long minMillis, long maxMillis, double commandsPerSecond) {
  static TypePolicy of(double pollCost, Duration min, Duration max, Duration commandInterval) {
    long least = Math.max(1, min.toMillis());
    return new TypePolicy(pollCost, least, Math.max(least, max.toMillis()), rate(commandInterval));
  }

  /**
   * This policy with the defaults of a type in place of the hub's. A bound that only the type has
   * moves the other one, if they would contradict each other.
   */
  TypePolicy with(PollingDefaults type) {
    Duration min = type.minInterval();
    Duration max = type.maxInterval();
    long least = min == null ? minMillis : Math.max(1, min.toMillis());
    long most = max == null ? maxMillis : Math.max(1, max.toMillis());
    Duration commandInterval = type.commandInterval();
    return new TypePolicy(
        Objects.requireNonNullElse(type.pollCost(), pollCost),
        min == null ? Math.min(least, most) : least,
        max == null ? Math.max(least, most) : most,
        commandInterval == null ? commandsPerSecond : rate(commandInterval));
  }

  private static double rate(Duration interval) {
    return 1_000.0 / interval.toMillis();
  }
}
