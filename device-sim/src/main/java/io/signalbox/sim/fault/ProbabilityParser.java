package io.signalbox.sim.fault;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads lists of chances such as {@code cut=0.01,duplicate=5%}. */
final class ProbabilityParser {
  private final Map<String, Double> byName = new HashMap<>();

  private ProbabilityParser() {}

  /**
   * Reads a list.
   *
   * @param known the names there are
   * @throws IllegalArgumentException naming what is not understood
   */
  static ProbabilityParser parse(String text, List<String> known) {
    ProbabilityParser chances = new ProbabilityParser();
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      String name = pair[0].toLowerCase(Locale.ROOT);
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "'" + name + "' is not a fault; there are " + String.join(", ", known));
      }
      chances.byName.put(name, chance(part, pair.length == 2 ? pair[1] : ""));
    }
    return chances;
  }

  private static double chance(String whole, String text) {
    try {
      return Probability.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + whole + "': a chance from 0 to 1, or from 0% to 100%, must follow the '='", e);
    }
  }

  /** The chance of a name; 0 if it was not given. */
  double of(String name) {
    return byName.getOrDefault(name, 0.0);
  }
}
