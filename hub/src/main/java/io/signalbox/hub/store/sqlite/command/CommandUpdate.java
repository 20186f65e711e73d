package io.signalbox.hub.store.sqlite.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that one command goes forward at once: its row is written once for it.
 *
 * @param from the version that is kept; 0 for a new command
 * @param command as it is afterwards
 */
record CommandUpdate(int from, Command command) {
  /** Steps, each of one command, put together by command, in the order of their first. */
  static Collection<CommandUpdate> of(List<Command> steps) {
    Map<String, CommandUpdate> advances = new LinkedHashMap<>();
    for (Command step : steps) {
      advances.merge(step.id(), new CommandUpdate(step.version() - 1, step), CommandUpdate::and);
    }
    return advances.values();
  }

  /** The steps that are new. */
  List<Step> steps() {
    return command.timeline().subList(from, command.version());
  }

  /** What is kept is not what it goes on from. */
  Refusal refusal() {
    return new Refusal(
        ErrorCode.CONFLICT, "command %s has changed in between".formatted(command.id()));
  }

  private CommandUpdate and(CommandUpdate next) {
    if (next.from() != command.version()) {
      throw refusal();
    }
    return new CommandUpdate(from, next.command());
  }
}
