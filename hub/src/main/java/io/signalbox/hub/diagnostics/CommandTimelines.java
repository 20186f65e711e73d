package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import java.util.Optional;

/** Queries on the timeline of a command. */
final class CommandTimelines {
  private CommandTimelines() {}

  /** Number of deliveries of the command. */
  static long handouts(Command command) {
    return command.timeline().stream().filter(step -> step.state() == State.SENT).count();
  }

  /** The latest step into that state. */
  static Optional<Step> last(Command command, State state) {
    return command.timeline().reversed().stream().filter(step -> step.state() == state).findFirst();
  }

  /** The transport of the step's session, for texts. */
  static String transport(Step step) {
    return step.transport() == null ? "its connection" : TimelineText.word(step.transport());
  }
}
