package io.signalbox.sim.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Result of the comparison with the hub's history, in readings.
 *
 * @param acked acknowledged by the hub
 * @param found of these, found in the history exactly once with the same value
 * @param missing acknowledged but not in the history
 * @param doubled in the history more than once
 * @param altered in the history with another value
 * @param foreign in the history but never sent by this run
 * @param unacked in the history without an acknowledgement, which is allowed
 * @param examples descriptions of the first errors
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

  /** The sum of both results. */
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

  /** Whether readings were acknowledged and all are in the history exactly once. */
  public boolean isVerified() {
    return acked > 0 && found == acked && missing + doubled + altered + foreign == 0;
  }

  /** The result for the user, line by line. */
  public List<String> verdict() {
    List<String> lines = new ArrayList<>();
    if (isVerified()) {
      lines.add(
          "verified: all " + acked + " acknowledged readings are in the history exactly once");
    } else if (acked == 0) {
      lines.add("NOT VERIFIED: no reading was acknowledged");
    } else {
      lines.add(
          "NOT VERIFIED: of "
              + acked
              + " acknowledged readings "
              + found
              + " correct, "
              + missing
              + " missing, "
              + doubled
              + " duplicated, "
              + altered
              + " altered; "
              + foreign
              + " never sent");
    }
    examples.forEach(example -> lines.add("  " + example));
    if (unacked > 0) {
      lines.add("  (" + unacked + " unacknowledged readings are in the history, which is allowed)");
    }
    return lines;
  }
}
