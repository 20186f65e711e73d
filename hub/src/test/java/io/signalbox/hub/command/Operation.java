package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An operation on the engine. */
sealed interface Operation {
  /** A client submits a command. */
  record Submit(String device, CommandRequest.Validated what) implements Operation {
    @Override
    public boolean isFor(Command made) {
      return device.equals(made.device())
          && what.name().equals(made.name())
          && Objects.equals(what.metadata(), made.metadata())
          && Objects.equals(what.collapse(), made.collapse())
          && Objects.equals(what.job(), made.job());
    }
  }

  /** A client cancels a command. */
  record Cancel(String id) implements Operation {
    @Override
    public boolean takesBack(Command command) {
      return id.equals(command.id());
    }

    /** Whether a refusal of that kind is justified. */
    boolean mayBeRefused(Refusal.ErrorCode kind, @Nullable Command command) {
      State state = command == null ? null : command.state();
      return switch (kind) {
        case UNKNOWN_COMMAND -> state == null;
        case CONFLICT -> state == State.SENT || state == State.ACCEPTED;
        case COMMAND_FINISHED -> state != null && state.isFinal();
        default -> false;
      };
    }
  }

  /** A device answers a command. */
  record Answer(Session session, String id, State status) implements Operation {
    @Override
    public boolean answers(Command command, Step step) {
      return id.equals(command.id())
          && status == step.state()
          && session.device().equals(command.device())
          && Objects.equals(session.epoch(), step.session())
          && session.epoch() >= DeliveryCounts.handedTo(command);
    }
  }

  /**
   * A device polls.
   *
   * @param number the higher the later
   * @param receipt what it says of what was given out before
   */
  record Poll(Session session, int most, Duration lease, int number, Receipt receipt)
      implements Operation {
    boolean isLaterThan(Poll other) {
      return number > other.number;
    }

    /** Whether the receipt confirms an earlier delivery. */
    boolean isSureOf(Command command) {
      return switch (receipt) {
        case Receipt.All all -> true;
        case Receipt.Unknown unknown -> false;
        case Receipt.Of of -> of.commands().contains(command.id());
      };
    }
  }

  /** Commands delivered on polls could not be written. */
  record GiveBack(Session session, List<Command> given) implements Operation {
    @Override
    public boolean givesBack(Command command) {
      return Objects.equals(command.timeline().getLast().session(), session.epoch())
          && given.stream().anyMatch(each -> each.id().equals(command.id()));
    }
  }

  /** A device is deleted. */
  record Delete(String device) implements Operation {}

  /** Whether the command is what was asked for. */
  default boolean isFor(Command made) {
    return false;
  }

  /** Whether it gives back the command, which is leased. */
  default boolean givesBack(Command command) {
    return false;
  }

  /** Whether it takes back the command. */
  default boolean takesBack(Command command) {
    return false;
  }

  /** Whether it is what the step says, by a session that may say so. */
  default boolean answers(Command command, Step step) {
    return false;
  }
}
