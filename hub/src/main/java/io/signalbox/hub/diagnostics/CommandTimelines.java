package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import java.util.Optional;

/** What can be read from a command's timeline. */
final class CommandTimelines {
  private CommandTimelines() {}

  /** How often the command was sent. */
  static long handouts(Command command) {
    return command.timeline().stream().filter(step -> step.state() == State.SENT).count();
  }

  /** The last time that it came into that state. */
  static Optional<Step> last(Command command, State state) {
    return command.timeline().reversed().stream().filter(step -> step.state() == state).findFirst();
  }

  /** The transport of a step's session. */
  static String transport(Step step) {
    return step.transport() == null ? "its connection" : TimelineText.word(step.transport());
  }
}
