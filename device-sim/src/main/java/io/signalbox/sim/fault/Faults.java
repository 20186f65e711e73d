package io.signalbox.sim.fault;

import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What goes wrong on purpose, as chances for each message sent.
 *
 * @param cut the connection is cut right after it, without a goodbye
 * @param duplicate the same readings are sent again as a message of their own
 */
public record Faults(double cut, double duplicate) {
  /** Nothing goes wrong. */
  public static final Faults NONE = new Faults(0, 0);

  /**
   * Reads {@code cut=0.01,duplicate=0.05}.
   *
   * @throws IllegalArgumentException naming what is not understood
   */
  public static Faults parse(String text) {
    Faults faults = NONE;
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      faults = faults.with(pair[0].toLowerCase(Locale.ROOT), chance(part, pair));
    }
    return faults;
  }

  private Faults with(String name, double chance) {
    return switch (name) {
      case "cut" -> new Faults(chance, duplicate);
      case "duplicate" -> new Faults(cut, chance);
      default ->
          throw new IllegalArgumentException(
              "'" + name + "' is not a fault; there are cut and duplicate");
    };
  }

  private static double chance(String part, String[] pair) {
    try {
      double chance = Double.parseDouble(pair.length == 2 ? pair[1] : "");
      if (chance >= 0 && chance <= 1) {
        return chance;
      }
    } catch (NumberFormatException e) {
      // The message below says all there is to say.
    }
    throw new IllegalArgumentException("'" + part + "': a chance from 0 to 1 must follow the '='");
  }

  /** Whether the connection is cut now. */
  public boolean cuts(RandomGenerator random) {
    return cut > 0 && random.nextDouble() < cut;
  }

  /** Whether this message is sent twice. */
  public boolean duplicates(RandomGenerator random) {
    return duplicate > 0 && random.nextDouble() < duplicate;
  }
}
