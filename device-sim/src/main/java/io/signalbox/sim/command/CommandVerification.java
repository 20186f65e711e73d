package io.signalbox.sim.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Result of comparing the hub's commands with the devices' execution logs.
 *
 * <p>Threading: written by one event loop, read afterwards.
 */
public final class CommandVerification {
  private static final int SHOWN = 20;

  private final Map<String, Long> ends = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private long compared;
  private long openEnded;
  private long others;

  /** Records a compared command and whether its execution is unknown. */
  void compared(String state, boolean leavesOpen) {
    compared++;
    ends.merge(state, 1L, Long::sum);
    openEnded += leavesOpen ? 1 : 0;
  }

  /** Records an executed command that another client created. */
  void ofOthers() {
    others++;
  }

  /** Records an error in one line. */
  void fault(String line) {
    faults.add(line);
  }

  /** Whether commands were acknowledged and no error was found. */
  public boolean isVerified() {
    return compared > 0 && faults.isEmpty();
  }

  /** The result for the user, line by line. */
  public List<String> verdict() {
    List<String> lines = new ArrayList<>();
    if (isVerified()) {
      lines.add(
          "verified: all "
              + compared
              + " acknowledged commands ended in a correct state, each executed once and in order");
    } else if (faults.isEmpty()) {
      lines.add("NOT VERIFIED: no command was acknowledged");
    } else {
      lines.add(
          "NOT VERIFIED: " + faults.size() + " errors in " + compared + " acknowledged commands");
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
            ? "; " + openEnded + " were sent but not answered in time, as recorded by the hub"
            : "")
        + (others > 0 ? "; " + others + " more were created by other clients" : "");
  }
}
