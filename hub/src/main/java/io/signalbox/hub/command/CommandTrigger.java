package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Precondition;
import org.jspecify.annotations.Nullable;

/** A trigger of the command state machine. */
sealed interface CommandTrigger {
  /**
   * The command is about to be delivered to a session.
   *
   * @param until end of its lease (Unix milliseconds); null if it belongs to the session while that
   *     is connected
   */
  record Dispatched(Session session, @Nullable Long until) implements CommandTrigger {}

  /**
   * The device has answered the command.
   *
   * @param inSession whether the answer came in the session, so that one in an older session than
   *     that of the delivery does not count; an answer in a request of its own is the device's, and
   *     the session is the newest that this node knows
   */
  record Answered(Session session, CommandResult result, boolean inSession)
      implements CommandTrigger {}

  /** The session of the delivery does not have the command any more. */
  record Lost(String reason) implements CommandTrigger {}

  /** The time to live has ended. */
  record TimedOut() implements CommandTrigger {}

  /**
   * The command is cancelled.
   *
   * @param by name of the principal; null for the hub itself
   * @param reason null if it is obvious
   * @param precondition on its version
   */
  record Cancelled(@Nullable String by, @Nullable String reason, Precondition precondition)
      implements CommandTrigger {}

  /** A newer command with the same collapse key replaces it. */
  record Superseded(String newer) implements CommandTrigger {}

  /** The device was deleted. */
  record DeviceDeleted() implements CommandTrigger {}
}
