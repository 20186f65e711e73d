package io.signalbox.sim.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the comparison of the hub's commands with the devices' deeds found.
 *
 * <p>Threading: filled by one loop, read when that is done.
 */
public final class CommandVerification {
  private static final int SHOWN = 20;

  private final Map<String, Long> ends = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private long compared;
  private long openEnded;
  private long others;

  /** A command was compared; whether its end leaves open what the device has done. */
  void compared(String state, boolean leavesOpen) {
    compared++;
    ends.merge(state, 1L, Long::sum);
    openEnded += leavesOpen ? 1 : 0;
  }

  /** A device has done a command that somebody else has given. */
  void ofOthers() {
    others++;
  }

  /** Something is wrong, in one line. */
  void fault(String line) {
    faults.add(line);
  }

  /** Whether commands were acknowledged, and all is true. */
  public boolean isProof() {
    return compared > 0 && faults.isEmpty();
  }

  /** The verdict for the user, a line for each thing to be said. */
  public List<String> verdict() {
    List<String> lines = new ArrayList<>();
    if (isProof()) {
      lines.add(
          "verified: all "
              + compared
              + " acknowledged commands have ended truly, none was done twice, all in their order");
    } else if (faults.isEmpty()) {
      lines.add("NOT VERIFIED: no command was acknowledged, so nothing is proved");
    } else {
      lines.add(
          "NOT VERIFIED: " + faults.size() + " findings in " + compared + " acknowledged commands");
    }
    faults.stream().limit(SHOWN).forEach(fault -> lines.add("  " + fault));
    if (faults.size() > SHOWN) {
      lines.add("  and " + (faults.size() - SHOWN) + " more");
    }
    if (!ends.isEmpty()) {
      List<String> byState = new ArrayList<>();
      ends.forEach((state, count) -> byState.add(count + " " + state));
      lines.add("  (" + String.join(", ", byState) + notes() + ")");
    }
    return lines;
  }

  private String notes() {
    return (openEnded > 0
            ? "; " + openEnded + " were sent and not answered in time, as the hub says itself"
            : "")
        + (others > 0 ? "; " + others + " more were given by others" : "");
  }
}
