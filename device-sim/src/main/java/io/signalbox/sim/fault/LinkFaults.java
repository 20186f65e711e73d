package io.signalbox.sim.fault;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Injected connection faults, as probabilities per sent message.
 *
 * @param cut the connection is cut right after the message, without a close frame
 * @param duplicate the same readings are sent again in another message
 */
public record LinkFaults(double cut, double duplicate) {
  /** No faults. */
  public static final LinkFaults NONE = new LinkFaults(0, 0);

  /**
   * Reads {@code cut=0.01,duplicate=5%}.
   *
   * @throws IllegalArgumentException if the text is invalid; the message names the invalid part
   */
  public static LinkFaults parse(String text) {
    ProbabilityParser probabilities = ProbabilityParser.parse(text, List.of("cut", "duplicate"));
    return new LinkFaults(probabilities.of("cut"), probabilities.of("duplicate"));
  }

  /** Draws whether to cut the connection now. */
  public boolean cuts(RandomGenerator random) {
    return Probability.happens(cut, random);
  }

  /** Draws whether to send this message twice. */
  public boolean duplicates(RandomGenerator random) {
    return Probability.happens(duplicate, random);
  }
}
