package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Precondition;
import org.jspecify.annotations.Nullable;

/** What can happen to a command after it was made. */
sealed interface Occurrence {
  /**
   * It is about to be handed to a session.
   *
   * @param until when its lease is over (ms); null if it is the session's as long as that lasts
   */
  record Handed(Session session, @Nullable Long until) implements Occurrence {}

  /** The device has answered it. */
  record Answered(Session session, CommandResult result) implements Occurrence {}

  /** The session that it was handed to has it no more. */
  record Lost(String because) implements Occurrence {}

  /** Its time to live is over. */
  record TimeOver() implements Occurrence {}

  /**
   * Somebody takes it back.
   *
   * @param by null for the hub itself
   * @param because null where it explains itself
   * @param precondition on its version
   */
  record Cancelled(@Nullable String by, @Nullable String because, Precondition precondition)
      implements Occurrence {}

  /** A newer command with the same collapse key stands for it. */
  record Superseded(String newer) implements Occurrence {}

  /** There is no such device any more. */
  record DeviceGone() implements Occurrence {}
}
