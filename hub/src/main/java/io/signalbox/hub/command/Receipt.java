package io.signalbox.hub.command;

import java.util.Set;

/**
 * Receipt of a device for unanswered commands of earlier polls of the same session: whether they
 * have arrived.
 */
public sealed interface Receipt {
  /** Unknown: the response to an earlier poll may have been lost. */
  Receipt UNKNOWN = new Unknown();

  /** All have arrived, or will before any command delivered now. */
  Receipt ALL = new All();

  /** As {@link #UNKNOWN}. */
  record Unknown() implements Receipt {}

  /** As {@link #ALL}. */
  record All() implements Receipt {}

  /**
   * These have arrived; all other unanswered commands have not.
   *
   * @param commands ids; ids of other commands are ignored
   */
  record Of(Set<String> commands) implements Receipt {
    /** Copies the set. */
    public Of {
      commands = Set.copyOf(commands);
    }
  }
}
