package io.signalbox.sim.fault;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Parses lists of probabilities such as {@code cut=0.01,duplicate=5%}. */
final class ProbabilityParser {
  private final Map<String, Double> byName = new HashMap<>();

  private ProbabilityParser() {}

  /**
   * Reads a list.
   *
   * @param known the valid names
   * @throws IllegalArgumentException if the text is invalid; the message names the invalid part
   */
  static ProbabilityParser parse(String text, List<String> known) {
    ProbabilityParser parsed = new ProbabilityParser();
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      String name = pair[0].toLowerCase(Locale.ROOT);
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown fault '" + name + "'; expected one of " + String.join(", ", known));
      }
      parsed.byName.put(name, probability(part, pair.length == 2 ? pair[1] : ""));
    }
    return parsed;
  }

  private static double probability(String whole, String text) {
    try {
      return Probability.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected NAME=P with P from 0 to 1 or 0% to 100%, got '" + whole + "'", e);
    }
  }

  /** The probability of a fault; 0 if it was not given. */
  double of(String name) {
    return byName.getOrDefault(name, 0.0);
  }
}
