package io.signalbox.sim.link;

import java.net.ConnectException;
import java.time.Duration;

/** Event of a link. Every link ends with exactly one {@link Closed} or {@link NotOpened}. */
public sealed interface LinkEvent {

  /** A frame was received. */
  record Received(HubFrame frame) implements LinkEvent {}

  /** The link accepts frames again, or its due time has changed. */
  record StateChanged() implements LinkEvent {}

  /** The link was open and has closed; code 1006 without a close frame. */
  record Closed(int code, String reason) implements LinkEvent {
    /** Close code for a connection that ended without a close frame. */
    public static final int NO_CLOSE_FRAME = 1006;
  }

  /**
   * The link could not be opened.
   *
   * @param status the HTTP status of the refusal; 0 if there was no answer
   * @param reached whether the connection was accepted, even if not answered
   * @param notBefore {@code Retry-After} of the hub
   */
  record NotOpened(int status, boolean reached, String why, Duration notBefore)
      implements LinkEvent {

    /**
     * Creates an event for a missing response; the failure tells whether the connection was
     * accepted.
     */
    public static NotOpened unanswered(Throwable fault) {
      boolean reached = !(fault instanceof ConnectException);
      return new NotOpened(0, reached, String.valueOf(fault.getMessage()), Duration.ZERO);
    }
  }
}
