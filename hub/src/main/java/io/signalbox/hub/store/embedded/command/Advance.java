package io.signalbox.hub.store.embedded.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
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
record Advance(int from, Command command) {
  /** Steps, each of one command, put together by command, in the order of their first. */
  static Collection<Advance> of(List<Command> steps) {
    Map<String, Advance> advances = new LinkedHashMap<>();
    for (Command step : steps) {
      advances.merge(step.id(), new Advance(step.version() - 1, step), Advance::and);
    }
    return advances.values();
  }

  /** The steps that are new. */
  List<Step> steps() {
    return command.timeline().subList(from, command.version());
  }

  /** What is kept is not what it goes on from. */
  Refusal refusal() {
    return new Refusal(Kind.CONFLICT, "command %s has changed in between".formatted(command.id()));
  }

  private Advance and(Advance next) {
    if (next.from() != command.version()) {
      throw refusal();
    }
    return new Advance(from, next.command());
  }
}
