package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.EXPIRED;

import io.signalbox.hub.command.Turn.Scene;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down the step that {@link Life} has decided: the command as it is after it. */
final class Steps {
  private Steps() {}

  /** The command one step further. Times in a timeline never go back, whatever the clock does. */
  static Command after(Command command, Life.Outcome.Move move, Occurrence what, Scene scene) {
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
            move.because(),
            what instanceof Occurrence.Handed handed ? handed.until() : null);
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
      Command command, Step step, Scene scene, @Nullable CommandResult result) {
    return command.with(
        expectedBy(command, step, scene),
        result == null || result.data() == null ? command.result() : result.data(),
        error(command, step, result),
        append(command.timeline(), step));
  }

  private static @Nullable Long expectedBy(Command command, Step step, Scene scene) {
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
    return givenUp ? step.because() : command.error();
  }

  private static @Nullable Session sessionOf(Occurrence what) {
    return switch (what) {
      case Occurrence.Handed handed -> handed.session();
      case Occurrence.Answered answered -> answered.session();
      case Occurrence.Lost lost -> null;
      case Occurrence.TimeOver over -> null;
      case Occurrence.Cancelled cancelled -> null;
      case Occurrence.Superseded superseded -> null;
      case Occurrence.DeviceGone gone -> null;
    };
  }

  private static @Nullable CommandResult resultOf(Occurrence what) {
    return what instanceof Occurrence.Answered answered ? answered.result() : null;
  }

  private static List<Step> append(List<Step> timeline, Step step) {
    List<Step> longer = new ArrayList<>(timeline.size() + 1);
    longer.addAll(timeline);
    longer.add(step);
    return List.copyOf(longer);
  }
}
