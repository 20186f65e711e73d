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
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A command's whole life: which step, if any, follows when something happens to it. Pure: it knows
 * no clock, no store, no device but what it is given.
 *
 * <pre>
 *              ┌───────── lost ─────────┐
 *              ▼                        │
 *   made ─► QUEUED ──── handed ────► SENT ── accepted ──► ACCEPTED
 *            │  │                       │                    │
 *            │  └─ an answer to an      ├─ succeeded, failed, rejected
 *            │     earlier hand-out     │                    │
 *            └─ cancelled, superseded   └─ lost too often: FAILED
 *   any of the three: time over ─► EXPIRED, device gone ─► CANCELLED
 * </pre>
 *
 * A state goes back only from SENT to QUEUED: when the session ends unanswered or, of what was
 * handed out on a poll, when the lease is over or the answer to the poll was not written. ACCEPTED
 * does not: the device has said that it has the command, and may finish it through any later
 * session. What is over stays as it is. A command that was never handed out cannot be answered; one
 * that is queued again can, because the device may have done it while the answer was lost; not,
 * however, through a session older than the one that was given it last.
 *
 * <p>A command that a device has been handed {@value #MOST_HANDOUTS} times without a word is not
 * handed out again but FAILED: it may well be what brings the device down, and a timeline must end.
 */
final class CommandStateMachine {
  /** How often a command is handed out before the hub gives it up. */
  static final int MOST_HANDOUTS = 100;

  private CommandStateMachine() {}

  /** What comes of an occurrence. */
  sealed interface Transition {
    /** The next step; {@code reason} and {@code by} may be null. */
    record To(State to, @Nullable String by, @Nullable String reason) implements Transition {}

    /** Nothing changes, and nobody needs to be told. */
    record Ignore() implements Transition {}

    /** It may not be, and whoever asked is told. */
    record Reject(Refusal refusal) implements Transition {}
  }

  private static final Transition NOTHING = new Transition.Ignore();

  /** What comes of it when this happens to the command. */
  static Transition next(Command command, CommandTrigger what) {
    return command.state().isFinal() ? afterTheEnd(command, what) : during(command, what);
  }

  private static Transition afterTheEnd(Command command, CommandTrigger what) {
    return switch (what) {
      case Answered answered -> timedOut(command);
      case Cancelled cancelled -> timedOut(command);
      case Dispatched handed -> NOTHING;
      case Lost lost -> NOTHING;
      case TimedOut over -> NOTHING;
      case Superseded superseded -> NOTHING;
      case DeviceDeleted gone -> NOTHING;
    };
  }

  private static Transition during(Command command, CommandTrigger what) {
    State state = command.state();
    return switch (what) {
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
    if (answer.session().epoch() < handedTo(command)) {
      return reject(
          ErrorCode.CONFLICT, "command %s was given to a newer session".formatted(command.id()));
    }
    if (command.state() == QUEUED && handouts(command) == 0) {
      return reject(
          ErrorCode.UNKNOWN_COMMAND, "command %s was not sent yet".formatted(command.id()));
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
    if (handouts(command) < MOST_HANDOUTS) {
      return move(QUEUED, null, reason);
    }
    return move(FAILED, null, "sent %d times and never answered".formatted(MOST_HANDOUTS));
  }

  private static Transition cancelled(Command command, Cancelled what) {
    if (command.state() != QUEUED) {
      return reject(
          ErrorCode.CONFLICT,
          "command %s is with the device already: only a queued one can be cancelled"
              .formatted(command.id()));
    }
    what.precondition()
        .check("the command", command.version(), () -> Integer.toString(command.version()));
    return move(CANCELLED, what.by(), whyCancelled(command, what.reason()));
  }

  private static @Nullable String whyCancelled(Command command, @Nullable String reason) {
    String before = handouts(command) > 0 ? "sent before, but not answered" : null;
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
      return "accepted, but no result came in time";
    }
    if (command.state() == SENT) {
      return "sent, but not answered in time";
    }
    return handouts(command) > 0
        ? "sent, but not answered before it was taken back and the time was over"
        : "not delivered in time";
  }

  /** How often the command was handed to a session. */
  static long handouts(Command command) {
    return command.timeline().stream().filter(step -> step.state() == SENT).count();
  }

  /** The epoch of the session that it was last handed to; 0 if it never was. */
  private static long handedTo(Command command) {
    return command.timeline().stream()
        .filter(step -> step.state() == SENT && step.session() != null)
        .mapToLong(Command.Step::session)
        .max()
        .orElse(0);
  }

  private static Transition timedOut(Command command) {
    String state = command.state().name().toLowerCase(java.util.Locale.ROOT);
    return reject(
        ErrorCode.COMMAND_FINISHED, "command %s is over: %s".formatted(command.id(), state));
  }

  private static Transition notAnAnswer() {
    return new Transition.Reject(
        new Refusal(
            ErrorCode.INVALID, "status", "status must be accepted, succeeded, failed or rejected"));
  }

  private static Transition move(State to, @Nullable String by, @Nullable String reason) {
    return new Transition.To(to, by, reason);
  }

  private static Transition reject(ErrorCode kind, String detail) {
    return new Transition.Reject(new Refusal(kind, detail));
  }
}
