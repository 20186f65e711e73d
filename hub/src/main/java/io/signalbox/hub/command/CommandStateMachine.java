package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.ACCEPTED;
import static io.signalbox.hub.model.Command.State.CANCELLED;
import static io.signalbox.hub.model.Command.State.EXPIRED;
import static io.signalbox.hub.model.Command.State.FAILED;
import static io.signalbox.hub.model.Command.State.QUEUED;
import static io.signalbox.hub.model.Command.State.SENT;
import static io.signalbox.hub.model.Command.State.SUPERSEDED;

import io.signalbox.hub.command.CommandTrigger.Answered;
import io.signalbox.hub.command.CommandTrigger.Cancelled;
import io.signalbox.hub.command.CommandTrigger.DeviceDeleted;
import io.signalbox.hub.command.CommandTrigger.Dispatched;
import io.signalbox.hub.command.CommandTrigger.Lost;
import io.signalbox.hub.command.CommandTrigger.Superseded;
import io.signalbox.hub.command.CommandTrigger.TimedOut;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * State machine of commands: the step, if any, that follows from a trigger, and the command after
 * that step. A pure function of its parameters, without clock, store or device.
 *
 * <pre>
 *              ┌───────── lost ─────────┐
 *              ▼                        │
 *   new ──► QUEUED ──── sent ──────► SENT ── accepted ──► ACCEPTED
 *            │  │                       │                    │
 *            │  └─ answer to an         ├─ succeeded, failed, rejected
 *            │     earlier delivery     │                    │
 *            └─ cancelled, superseded   └─ lost too often: FAILED
 *   any of the three: time to live ended ─► EXPIRED, device deleted ─► CANCELLED
 * </pre>
 *
 * Only SENT returns to QUEUED: when the session ends without an answer or, for a delivery by a
 * poll, when the lease expires or the response to the poll was not written. ACCEPTED does not
 * return: the device has confirmed the command, and may finish it through any later session. Final
 * states do not change. A command that was never delivered cannot be answered; a requeued one can,
 * because the device may have executed it while the answer was lost, but not through a session
 * older than that of the latest delivery.
 *
 * <p>A command that was delivered {@value #MOST_DELIVERIES} times without an answer is not
 * delivered again but FAILED: it may be the cause of the device's failures, and a timeline must be
 * bounded.
 */
final class CommandStateMachine {
  /** Number of deliveries after which the hub gives up a command. */
  static final int MOST_DELIVERIES = 100;

  private CommandStateMachine() {}

  /** Outcome of a trigger. */
  sealed interface Transition {
    /** A next step; {@code reason} and {@code by} may be null. */
    record To(State to, @Nullable String by, @Nullable String reason) implements Transition {}

    /** No change, and no error. */
    record Ignore() implements Transition {}

    /** Not allowed; the caller gets the refusal. */
    record Reject(Refusal refusal) implements Transition {}
  }

  private static final Transition NOTHING = new Transition.Ignore();

  /** The transition that the trigger causes. */
  static Transition next(Command command, CommandTrigger trigger) {
    return command.state().isFinal()
        ? whenFinal(command, trigger)
        : whenUnfinished(command, trigger);
  }

  /** The refusal of a trigger for a command that is not in the device's queue. */
  static Refusal refusal(Command command, CommandTrigger trigger, String device) {
    return command.device().equals(device) && next(command, trigger) instanceof Transition.Reject no
        ? no.refusal()
        : CommandEngine.unknown(command.id());
  }

  private static Transition whenFinal(Command command, CommandTrigger trigger) {
    return switch (trigger) {
      case Answered answered -> alreadyFinished(command);
      case Cancelled cancelled -> alreadyFinished(command);
      case Dispatched handed -> NOTHING;
      case Lost lost -> NOTHING;
      case TimedOut over -> NOTHING;
      case Superseded superseded -> NOTHING;
      case DeviceDeleted gone -> NOTHING;
    };
  }

  private static Transition whenUnfinished(Command command, CommandTrigger trigger) {
    State state = command.state();
    return switch (trigger) {
      case Dispatched handed -> state == QUEUED ? move(SENT, null, null) : NOTHING;
      case Answered answered -> answered(command, answered);
      case Lost lost -> state == SENT ? lost(command, lost.reason()) : NOTHING;
      case TimedOut over -> move(EXPIRED, null, whyExpired(command));
      case Cancelled cancelled -> cancelled(command, cancelled);
      case Superseded superseded -> superseded(state, superseded.newer());
      case DeviceDeleted gone -> move(CANCELLED, null, "the device was deleted");
    };
  }

  private static Transition answered(Command command, Answered answer) {
    CommandResult result = answer.result();
    if (answer.inSession() && answer.session().epoch() < latestSession(command)) {
      return reject(
          ErrorCode.CONFLICT,
          "command %s was delivered to a newer session".formatted(command.id()));
    }
    if (command.state() == QUEUED && command.deliveries() == 0) {
      return reject(
          ErrorCode.UNKNOWN_COMMAND, "command %s has not been sent yet".formatted(command.id()));
    }
    return switch (result.status()) {
      case ACCEPTED -> command.state() == ACCEPTED ? NOTHING : byDevice(command, ACCEPTED);
      case SUCCEEDED, FAILED, REJECTED -> byDevice(command, result.status());
      case QUEUED, SENT, EXPIRED, CANCELLED, SUPERSEDED -> notAnAnswer();
    };
  }

  private static Transition byDevice(Command command, State to) {
    String reason = command.state() == QUEUED ? "answer to an earlier delivery" : null;
    return move(to, command.device(), reason);
  }

  private static Transition lost(Command command, String reason) {
    if (command.deliveries() < MOST_DELIVERIES) {
      return move(QUEUED, null, reason);
    }
    return move(FAILED, null, "sent %d times and never answered".formatted(MOST_DELIVERIES));
  }

  private static Transition cancelled(Command command, Cancelled trigger) {
    if (command.state() != QUEUED) {
      return reject(
          ErrorCode.CONFLICT,
          "command %s was already sent to the device; only a queued command can be cancelled"
              .formatted(command.id()));
    }
    trigger
        .precondition()
        .check("the command", command.version(), () -> Integer.toString(command.version()));
    return move(CANCELLED, trigger.by(), whyCancelled(command, trigger.reason()));
  }

  private static @Nullable String whyCancelled(Command command, @Nullable String reason) {
    String before = command.deliveries() > 0 ? "sent before, without an answer" : null;
    if (reason == null) {
      return before;
    }
    return before == null ? reason : reason + "; " + before;
  }

  private static Transition superseded(State state, String newer) {
    return state == QUEUED ? move(SUPERSEDED, null, "superseded by " + newer) : NOTHING;
  }

  private static String whyExpired(Command command) {
    if (command.state() == ACCEPTED) {
      return "accepted, but no result arrived in time";
    }
    if (command.state() == SENT) {
      return "sent, but not answered in time";
    }
    return command.deliveries() > 0
        ? "sent, but requeued without an answer before it expired"
        : "not delivered in time";
  }

  /** Epoch of the session of the latest delivery; 0 if there was none. */
  private static long latestSession(Command command) {
    return command.timeline().stream()
        .filter(step -> step.state() == SENT && step.session() != null)
        .mapToLong(Step::session)
        .max()
        .orElse(0);
  }

  private static Transition alreadyFinished(Command command) {
    String state = command.state().name().toLowerCase(Locale.ROOT);
    return reject(
        ErrorCode.COMMAND_FINISHED, "command %s has ended: %s".formatted(command.id(), state));
  }

  private static Transition notAnAnswer() {
    return new Transition.Reject(
        new Refusal(
            ErrorCode.INVALID,
            "status",
            "status is invalid; expected accepted, succeeded, failed or rejected"));
  }

  private static Transition move(State to, @Nullable String by, @Nullable String reason) {
    return new Transition.To(to, by, reason);
  }

  private static Transition reject(ErrorCode kind, String detail) {
    return new Transition.Reject(new Refusal(kind, detail));
  }

  // ---- The step itself.

  /**
   * The command after the step. Times in a timeline never go back, even if the clock does.
   *
   * @param node name of this node
   * @param now Unix milliseconds
   * @param expected when the device is expected, if it is not connected (Unix milliseconds); null
   *     if unknown
   */
  static Command after(
      Command command,
      Transition.To move,
      CommandTrigger trigger,
      String node,
      long now,
      @Nullable Long expected) {
    Step last = command.timeline().getLast();
    Session session = sessionOf(trigger);
    Step step =
        new Step(
            move.to(),
            Math.max(last.ts(), now),
            node,
            sessionEpoch(move.to(), session, last),
            session == null ? null : session.transport(),
            move.by(),
            move.reason(),
            trigger instanceof CommandTrigger.Dispatched handed ? handed.until() : null);
    return withStep(command, step, expected, resultOf(trigger));
  }

  private static @Nullable Long sessionEpoch(State to, @Nullable Session session, Step last) {
    if (session != null) {
      return session.epoch();
    }
    // A requeued command names the session that it was requeued from.
    return to == QUEUED ? last.session() : null;
  }

  private static Command withStep(
      Command command, Step step, @Nullable Long expected, @Nullable CommandResult result) {
    return command.with(
        expectedBy(command, step, expected),
        result == null || result.data() == null ? command.result() : result.data(),
        error(command, step, result),
        append(command.timeline(), step));
  }

  private static @Nullable Long expectedBy(Command command, Step step, @Nullable Long expected) {
    return switch (step.state()) {
      case QUEUED ->
          expected == null
              ? null
              : (Long) Math.max(step.ts(), Math.max(expected, command.notBefore()));
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
    boolean givenUp = step.state() == EXPIRED || step.state() == FAILED;
    return givenUp ? step.reason() : command.error();
  }

  private static @Nullable Session sessionOf(CommandTrigger trigger) {
    return switch (trigger) {
      case CommandTrigger.Dispatched handed -> handed.session();
      case CommandTrigger.Answered answered -> answered.session();
      case CommandTrigger.Lost lost -> null;
      case CommandTrigger.TimedOut over -> null;
      case CommandTrigger.Cancelled cancelled -> null;
      case CommandTrigger.Superseded superseded -> null;
      case CommandTrigger.DeviceDeleted gone -> null;
    };
  }

  private static @Nullable CommandResult resultOf(CommandTrigger trigger) {
    return trigger instanceof CommandTrigger.Answered answered ? answered.result() : null;
  }

  private static List<Step> append(List<Step> timeline, Step step) {
    List<Step> longer = new ArrayList<>(timeline.size() + 1);
    longer.addAll(timeline);
    longer.add(step);
    return List.copyOf(longer);
  }
}
