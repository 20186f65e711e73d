package io.signalbox.sim.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What the comparison with the hub's history found, in readings.
 *
 * @param acked acknowledged by the hub
 * @param found of these, in the history exactly once with their value
 * @param missing acknowledged but not in the history
 * @param doubled in the history more than once
 * @param altered in the history with another value
 * @param foreign in the history, though this run never sent them
 * @param unacked in the history although never acknowledged, which is allowed
 * @param examples the first few that are wrong, in words
 */
public record VerificationResult(
    long acked,
    long found,
    long missing,
    long doubled,
    long altered,
    long foreign,
    long unacked,
    List<String> examples) {
  /** Nothing compared yet. */
  public static final VerificationResult NONE =
      new VerificationResult(0, 0, 0, 0, 0, 0, 0, List.of());

  static final int EXAMPLES = 5;

  /** Both together. */
  public VerificationResult plus(VerificationResult other) {
    List<String> both = new ArrayList<>(examples);
    other.examples.stream().limit(EXAMPLES - (long) both.size()).forEach(both::add);
    return new VerificationResult(
        acked + other.acked,
        found + other.found,
        missing + other.missing,
        doubled + other.doubled,
        altered + other.altered,
        foreign + other.foreign,
        unacked + other.unacked,
        List.copyOf(both));
  }

  /** Whether the promise was kept: something was acknowledged, and all of it stands there once. */
  public boolean isProof() {
    return acked > 0 && found == acked && missing + doubled + altered + foreign == 0;
  }

  /** The verdict for the user, a line for each thing to be said. */
  public List<String> verdict() {
    List<String> lines = new ArrayList<>();
    if (isProof()) {
      lines.add(
          "verified: all " + acked + " acknowledged readings are in the history exactly once");
    } else if (acked == 0) {
      lines.add("NOT VERIFIED: nothing was acknowledged, so nothing is proved");
    } else {
      lines.add(
          "NOT VERIFIED: of "
              + acked
              + " acknowledged readings "
              + found
              + " are right, "
              + missing
              + " missing, "
              + doubled
              + " doubled, "
              + altered
              + " altered; "
              + foreign
              + " that were never sent");
    }
    examples.forEach(example -> lines.add("  " + example));
    if (unacked > 0) {
      lines.add("  (" + unacked + " unacknowledged readings are there too, which is allowed)");
    }
    return lines;
  }
}
