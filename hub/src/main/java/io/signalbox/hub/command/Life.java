package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.ACCEPTED;
import static io.signalbox.hub.model.Command.State.CANCELLED;
import static io.signalbox.hub.model.Command.State.EXPIRED;
import static io.signalbox.hub.model.Command.State.FAILED;
import static io.signalbox.hub.model.Command.State.QUEUED;
import static io.signalbox.hub.model.Command.State.SENT;
import static io.signalbox.hub.model.Command.State.SUPERSEDED;

import io.signalbox.hub.command.Occurrence.Answered;
import io.signalbox.hub.command.Occurrence.Cancelled;
import io.signalbox.hub.command.Occurrence.DeviceGone;
import io.signalbox.hub.command.Occurrence.Handed;
import io.signalbox.hub.command.Occurrence.Lost;
import io.signalbox.hub.command.Occurrence.Superseded;
import io.signalbox.hub.command.Occurrence.TimeOver;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
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
final class Life {
  /** How often a command is handed out before the hub gives it up. */
  static final int MOST_HANDOUTS = 100;

  private Life() {}

  /** What comes of an occurrence. */
  sealed interface Outcome {
    /** The next step; {@code because} and {@code by} may be null. */
    record Move(State to, @Nullable String by, @Nullable String because) implements Outcome {}

    /** Nothing changes, and nobody needs to be told. */
    record Nothing() implements Outcome {}

    /** It may not be, and whoever asked is told. */
    record No(Refusal refusal) implements Outcome {}
  }

  private static final Outcome NOTHING = new Outcome.Nothing();

  /** What comes of it when this happens to the command. */
  static Outcome next(Command command, Occurrence what) {
    return command.state().isFinal() ? afterTheEnd(command, what) : during(command, what);
  }

  private static Outcome afterTheEnd(Command command, Occurrence what) {
    return switch (what) {
      case Answered answered -> over(command);
      case Cancelled cancelled -> over(command);
      case Handed handed -> NOTHING;
      case Lost lost -> NOTHING;
      case TimeOver over -> NOTHING;
      case Superseded superseded -> NOTHING;
      case DeviceGone gone -> NOTHING;
    };
  }

  private static Outcome during(Command command, Occurrence what) {
    State state = command.state();
    return switch (what) {
      case Handed handed -> state == QUEUED ? move(SENT, null, null) : NOTHING;
      case Answered answered -> answered(command, answered);
      case Lost lost -> state == SENT ? lost(command, lost.because()) : NOTHING;
      case TimeOver over -> move(EXPIRED, null, whyExpired(command));
      case Cancelled cancelled -> cancelled(command, cancelled);
      case Superseded superseded -> superseded(state, superseded.newer());
      case DeviceGone gone -> move(CANCELLED, null, "the device was deleted");
    };
  }

  private static Outcome answered(Command command, Answered answer) {
    CommandResult result = answer.result();
    if (answer.session().epoch() < handedTo(command)) {
      return no(Kind.CONFLICT, "command %s was given to a newer session".formatted(command.id()));
    }
    if (command.state() == QUEUED && handouts(command) == 0) {
      return no(Kind.UNKNOWN_COMMAND, "command %s was not sent yet".formatted(command.id()));
    }
    return switch (result.status()) {
      case ACCEPTED -> command.state() == ACCEPTED ? NOTHING : byDevice(command, ACCEPTED);
      case SUCCEEDED, FAILED, REJECTED -> byDevice(command, result.status());
      case QUEUED, SENT, EXPIRED, CANCELLED, SUPERSEDED -> notAnAnswer();
    };
  }

  private static Outcome byDevice(Command command, State to) {
    String because = command.state() == QUEUED ? "answer to an earlier delivery" : null;
    return move(to, command.device(), because);
  }

  private static Outcome lost(Command command, String because) {
    if (handouts(command) < MOST_HANDOUTS) {
      return move(QUEUED, null, because);
    }
    return move(FAILED, null, "sent %d times and never answered".formatted(MOST_HANDOUTS));
  }

  private static Outcome cancelled(Command command, Cancelled what) {
    if (command.state() != QUEUED) {
      return no(
          Kind.CONFLICT,
          "command %s is with the device already: only a queued one can be cancelled"
              .formatted(command.id()));
    }
    what.precondition()
        .check("the command", command.version(), () -> Integer.toString(command.version()));
    return move(CANCELLED, what.by(), whyCancelled(command, what.because()));
  }

  private static @Nullable String whyCancelled(Command command, @Nullable String because) {
    String before = handouts(command) > 0 ? "sent before, but not answered" : null;
    if (because == null) {
      return before;
    }
    return before == null ? because : because + "; " + before;
  }

  private static Outcome superseded(State state, String newer) {
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

  private static Outcome over(Command command) {
    String state = command.state().name().toLowerCase(java.util.Locale.ROOT);
    return no(Kind.COMMAND_OVER, "command %s is over: %s".formatted(command.id(), state));
  }

  private static Outcome notAnAnswer() {
    return new Outcome.No(
        new Refusal(
            Kind.INVALID, "status", "status must be accepted, succeeded, failed or rejected"));
  }

  private static Outcome move(State to, @Nullable String by, @Nullable String because) {
    return new Outcome.Move(to, by, because);
  }

  private static Outcome no(Kind kind, String detail) {
    return new Outcome.No(new Refusal(kind, detail));
  }
}
