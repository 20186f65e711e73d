package io.signalbox.sim.fault;

import java.util.random.RandomGenerator;

/** Parses and draws probabilities from 0 to 1. */
public final class Probability {
  private Probability() {}

  /**
   * Reads {@code 0.05} or {@code 5%}.
   *
   * @throws IllegalArgumentException if the text is not a probability
   */
  public static double parse(String text) {
    boolean percent = text.endsWith("%");
    try {
      double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double probability = percent ? number / 100 : number;
      if (probability >= 0 && probability <= 1) {
        return probability;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "expected a probability from 0 to 1 or 0% to 100%, got '" + text + "'");
  }

  /** Draws true with the given probability. */
  public static boolean happens(double probability, RandomGenerator random) {
    return probability > 0 && random.nextDouble() < probability;
  }
}
