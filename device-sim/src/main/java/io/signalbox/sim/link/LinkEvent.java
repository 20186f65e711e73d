package io.signalbox.sim.link;

import java.net.ConnectException;
import java.time.Duration;

/** What happens on a link. Every link ends in exactly one {@link Closed} or {@link NotOpened}. */
public sealed interface LinkEvent {

  /** A frame came. */
  record Received(HubFrame frame) implements LinkEvent {}

  /** The link takes what it did not take before, or is due at another time. */
  record StateChanged() implements LinkEvent {}

  /** The link was up and is not any more; code 1006 when the peer said no goodbye. */
  record Closed(int code, String reason) implements LinkEvent {
    /** No goodbye was said. */
    public static final int NO_GOODBYE = 1006;
  }

  /**
   * The link could not be opened.
   *
   * @param status the HTTP status of the refusal; 0 if there was no answer
   * @param reached whether somebody took the call, though perhaps without a word
   * @param notBefore how long the hub asks to be left alone
   */
  record NotOpened(int status, boolean reached, String why, Duration notBefore)
      implements LinkEvent {

    /** Nobody answered; what went wrong tells whether somebody took the call. */
    public static NotOpened unanswered(Throwable fault) {
      boolean reached = !(fault instanceof ConnectException);
      return new NotOpened(0, reached, String.valueOf(fault.getMessage()), Duration.ZERO);
    }
  }
}
