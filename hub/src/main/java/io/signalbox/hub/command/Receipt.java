package io.signalbox.hub.command;

import java.util.Set;

/**
 * What a device that asks for commands makes known of those it was given before on polls of the
 * same session, and has not answered: whether they have reached it.
 */
public sealed interface Receipt {
  /** Nothing is known: the answer to a poll before may have been lost. */
  Receipt UNKNOWN = new Unknown();

  /** All of them have reached it, or will before anything that it is given now. */
  Receipt ALL = new All();

  /** As {@link #UNKNOWN}. */
  record Unknown() implements Receipt {}

  /** As {@link #ALL}. */
  record All() implements Receipt {}

  /**
   * These have reached it; whatever else is unanswered has not.
   *
   * @param commands their ids; ids of any other command count for nothing
   */
  record Of(Set<String> commands) implements Receipt {
    /** Keeps a copy. */
    public Of {
      commands = Set.copyOf(commands);
    }
  }
}
