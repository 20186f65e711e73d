package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.EXPIRED;

import io.signalbox.hub.command.QueueTransaction.TransactionContext;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the step that {@link CommandStateMachine} has decided: the command as it is after it.
 */
final class TimelineSteps {
  private TimelineSteps() {}

  /** The command one step further. Times in a timeline never go back, whatever the clock does. */
  static Command after(
      Command command,
      CommandStateMachine.Transition.To move,
      CommandTrigger what,
      TransactionContext scene) {
    Step last = command.timeline().getLast();
    Session session = sessionOf(what);
    Step step =
        new Step(
            move.to(),
            Math.max(last.ts(), scene.now()),
            scene.node(),
            sessionEpoch(move.to(), session, last),
            session == null ? null : session.transport(),
            move.by(),
            move.reason(),
            what instanceof CommandTrigger.Dispatched handed ? handed.until() : null);
    return withStep(command, step, scene, resultOf(what));
  }

  private static @Nullable Long sessionEpoch(State to, @Nullable Session session, Step last) {
    if (session != null) {
      return session.epoch();
    }
    // What is taken back says which session it was taken back from.
    return to == State.QUEUED ? last.session() : null;
  }

  private static Command withStep(
      Command command, Step step, TransactionContext scene, @Nullable CommandResult result) {
    return command.with(
        expectedBy(command, step, scene),
        result == null || result.data() == null ? command.result() : result.data(),
        error(command, step, result),
        append(command.timeline(), step));
  }

  private static @Nullable Long expectedBy(Command command, Step step, TransactionContext scene) {
    return switch (step.state()) {
      case QUEUED ->
          scene.expected() == null
              ? null
              : (Long) Math.max(step.ts(), Math.max(scene.expected(), command.notBefore()));
      case SENT -> (Long) step.ts();
      case ACCEPTED, SUCCEEDED, FAILED, REJECTED -> command.expectedBy();
      case EXPIRED, CANCELLED, SUPERSEDED -> command.expectedBy();
    };
  }

  private static @Nullable String error(
      Command command, Step step, @Nullable CommandResult result) {
    if (result != null) {
      return result.error() == null ? command.error() : result.error();
    }
    boolean givenUp = step.state() == EXPIRED || step.state() == State.FAILED;
    return givenUp ? step.reason() : command.error();
  }

  private static @Nullable Session sessionOf(CommandTrigger what) {
    return switch (what) {
      case CommandTrigger.Dispatched handed -> handed.session();
      case CommandTrigger.Answered answered -> answered.session();
      case CommandTrigger.Lost lost -> null;
      case CommandTrigger.TimedOut over -> null;
      case CommandTrigger.Cancelled cancelled -> null;
      case CommandTrigger.Superseded superseded -> null;
      case CommandTrigger.DeviceDeleted gone -> null;
    };
  }

  private static @Nullable CommandResult resultOf(CommandTrigger what) {
    return what instanceof CommandTrigger.Answered answered ? answered.result() : null;
  }

  private static List<Step> append(List<Step> timeline, Step step) {
    List<Step> longer = new ArrayList<>(timeline.size() + 1);
    longer.addAll(timeline);
    longer.add(step);
    return List.copyOf(longer);
  }
}
