package io.signalbox.hub.polling;

import io.signalbox.hub.config.DurationText;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Polling policy of a device type, for devices without a power report.
 *
 * @param pollCost cost of a poll, in seconds of delay of one command
 * @param minMillis minimum interval, in milliseconds
 * @param maxMillis maximum interval, in milliseconds
 * @param commandsPerSecond expected rate of commands
 */
record TypePolicy(double pollCost, long minMillis, long maxMillis, double commandsPerSecond) {
  TypePolicy {
    if (!(pollCost > 0) || minMillis < 1 || maxMillis < minMillis || !(commandsPerSecond > 0)) {
      throw new IllegalArgumentException(
          "typeOverrides: values must be above 0 and minInterval at most maxInterval");
    }
  }

  static TypePolicy usual(double pollCost, Duration min, Duration max, Duration commandInterval) {
    return new TypePolicy(
        pollCost, min.toMillis(), max.toMillis(), 1_000.0 / commandInterval.toMillis());
  }

  /** The policy of each type, parsed from the setting {@code polling.typeOverrides}. */
  static Map<String, TypePolicy> ofTypes(@Nullable String text, TypePolicy usual) {
    Map<String, TypePolicy> types = new HashMap<>();
    for (String line : (text == null ? "" : text).split(";", -1)) {
      String[] words = line.trim().split("\\s+", -1);
      if (!words[0].isEmpty()) {
        types.put(words[0], usual.with(words));
      }
    }
    return Map.copyOf(types);
  }

  /** This policy with the assignments after the first word. */
  private TypePolicy with(String[] words) {
    TypePolicy policy = this;
    for (int word = 1; word < words.length; word++) {
      policy = policy.with(words[word]);
    }
    return policy;
  }

  private TypePolicy with(String word) {
    String[] sides = word.split("=", 2);
    String value = sides.length == 2 ? sides[1] : "";
    return switch (sides[0]) {
      case "pollCost" -> new TypePolicy(number(value), minMillis, maxMillis, commandsPerSecond);
      case "minInterval" -> new TypePolicy(pollCost, millis(value), maxMillis, commandsPerSecond);
      case "maxInterval" -> new TypePolicy(pollCost, minMillis, millis(value), commandsPerSecond);
      case "commandInterval" ->
          new TypePolicy(pollCost, minMillis, maxMillis, 1_000.0 / millis(value));
      default ->
          throw new IllegalArgumentException(
              "typeOverrides: unknown setting "
                  + word
                  + "; expected pollCost, minInterval, maxInterval or commandInterval");
    };
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException none) {
      throw new IllegalArgumentException(
          "typeOverrides: pollCost must be a number; got " + text, none);
    }
  }

  private static long millis(String text) {
    try {
      return DurationText.parse(text).toMillis();
    } catch (IllegalArgumentException | ArithmeticException wrong) {
      throw new IllegalArgumentException(
          "typeOverrides: expected a duration such as 30s, 5m or 2h; got " + text, wrong);
    }
  }
}
