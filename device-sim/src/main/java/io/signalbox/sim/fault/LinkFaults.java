package io.signalbox.sim.fault;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What goes wrong on purpose, as chances for each message sent.
 *
 * @param cut the connection is cut right after it, without a goodbye
 * @param duplicate the same readings are sent again as a message of their own
 */
public record LinkFaults(double cut, double duplicate) {
  /** Nothing goes wrong. */
  public static final LinkFaults NONE = new LinkFaults(0, 0);

  /**
   * Reads {@code cut=0.01,duplicate=5%}.
   *
   * @throws IllegalArgumentException naming what is not understood
   */
  public static LinkFaults parse(String text) {
    ProbabilityParser chances = ProbabilityParser.parse(text, List.of("cut", "duplicate"));
    return new LinkFaults(chances.of("cut"), chances.of("duplicate"));
  }

  /** Whether the connection is cut now. */
  public boolean cuts(RandomGenerator random) {
    return Probability.happens(cut, random);
  }

  /** Whether this message is sent twice. */
  public boolean duplicates(RandomGenerator random) {
    return Probability.happens(duplicate, random);
  }
}
