package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Precondition;
import org.jspecify.annotations.Nullable;

/** What can happen to a command after it was made. */
sealed interface CommandTrigger {
  /**
   * It is about to be handed to a session.
   *
   * @param until when its lease is over (ms); null if it is the session's as long as that lasts
   */
  record Dispatched(Session session, @Nullable Long until) implements CommandTrigger {}

  /** The device has answered it. */
  record Answered(Session session, CommandResult result) implements CommandTrigger {}

  /** The session that it was handed to has it no more. */
  record Lost(String reason) implements CommandTrigger {}

  /** Its time to live is over. */
  record TimedOut() implements CommandTrigger {}

  /**
   * Somebody takes it back.
   *
   * @param by null for the hub itself
   * @param reason null where it explains itself
   * @param precondition on its version
   */
  record Cancelled(@Nullable String by, @Nullable String reason, Precondition precondition)
      implements CommandTrigger {}

  /** A newer command with the same collapse key stands for it. */
  record Superseded(String newer) implements CommandTrigger {}

  /** There is no such device any more. */
  record DeviceDeleted() implements CommandTrigger {}
}
