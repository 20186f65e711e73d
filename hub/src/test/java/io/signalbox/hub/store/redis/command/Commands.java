package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands of tests. */
final class Commands {
  private Commands() {}

  /** A new command that expires a minute later. */
  static Command made(String id, String device, long at) {
    return command(id, device, at, null);
  }

  /** A new command as one of a job. */
  static Command ofJob(String job, Command made) {
    return command(made.id(), made.device(), made.created(), job);
  }

  private static Command command(String id, String device, long at, @Nullable String job) {
    return new Command(
        id,
        device,
        "start",
        "{\"speed\":3}",
        at,
        at + 60_000,
        0,
        null,
        null,
        null,
        job,
        null,
        null,
        List.of(new Step(State.QUEUED, at, "node", null, null, "ann", null)));
  }

  /** The command after another step, at the time of its creation. */
  static Command after(Command command, State state) {
    List<Step> timeline = new ArrayList<>(command.timeline());
    timeline.add(new Step(state, command.created(), "node", null, null, null, null));
    return command.withTimeline(timeline);
  }
}
