package io.signalbox.sim.fault;

import java.util.random.RandomGenerator;

/** How likely something is, from 0 to 1. */
public final class Probability {
  private Probability() {}

  /**
   * Reads {@code 0.05} or {@code 5%}.
   *
   * @throws IllegalArgumentException saying how it looks
   */
  public static double parse(String text) {
    boolean percent = text.endsWith("%");
    try {
      double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double chance = percent ? number / 100 : number;
      if (chance >= 0 && chance <= 1) {
        return chance;
      }
    } catch (NumberFormatException e) {
      // The message below says all there is to say.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a chance from 0 to 1, or from 0% to 100%");
  }

  /** Whether it happens now. */
  public static boolean happens(double chance, RandomGenerator random) {
    return chance > 0 && random.nextDouble() < chance;
  }
}
