package io.signalbox.sim.fault;

import java.util.List;
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
   * Reads {@code cut=0.01,duplicate=5%}.
   *
   * @throws IllegalArgumentException naming what is not understood
   */
  public static Faults parse(String text) {
    Chances chances = Chances.parse(text, List.of("cut", "duplicate"));
    return new Faults(chances.of("cut"), chances.of("duplicate"));
  }

  /** Whether the connection is cut now. */
  public boolean cuts(RandomGenerator random) {
    return Chance.happens(cut, random);
  }

  /** Whether this message is sent twice. */
  public boolean duplicates(RandomGenerator random) {
    return Chance.happens(duplicate, random);
  }
}
