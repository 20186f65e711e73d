package io.signalbox.hub.store;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Update of one command by one or more steps, which a store writes at once.
 *
 * @param from the stored version; 0 for a new command
 * @param command the command after the update
 */
public record CommandUpdate(int from, Command command) {
  /** Groups steps by command, in the order of each command's first step. */
  public static Collection<CommandUpdate> of(List<Command> steps) {
    Map<String, CommandUpdate> advances = new LinkedHashMap<>();
    for (Command step : steps) {
      advances.merge(step.id(), new CommandUpdate(step.version() - 1, step), CommandUpdate::and);
    }
    return advances.values();
  }

  /** The new steps. */
  public List<Step> steps() {
    return command.timeline().subList(from, command.version());
  }

  /** The refusal if the stored version differs from {@code from}. */
  public Refusal refusal() {
    return changed(command.id());
  }

  /** The refusal if the stored version of a command is not the expected one. */
  public static Refusal changed(String command) {
    return new Refusal(
        ErrorCode.CONFLICT, "command %s was changed concurrently".formatted(command));
  }

  private CommandUpdate and(CommandUpdate next) {
    if (next.from() != command.version()) {
      throw refusal();
    }
    return new CommandUpdate(from, next.command());
  }
}
