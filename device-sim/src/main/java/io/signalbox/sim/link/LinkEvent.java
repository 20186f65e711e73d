package io.signalbox.sim.link;

import java.time.Duration;

/** What happens on a link. Every link ends in exactly one {@link Closed} or {@link NotOpened}. */
public sealed interface LinkEvent {

  /** A frame came. */
  record Received(HubFrame frame) implements LinkEvent {}

  /** There is room again for what {@link WebSocketLink#full} held back. */
  record Drained() implements LinkEvent {}

  /** The link was up and is not any more; code 1006 when the peer said no goodbye. */
  record Closed(int code, String reason) implements LinkEvent {}

  /**
   * The link could not be opened.
   *
   * @param status the HTTP status of the refusal; 0 if nobody answered
   * @param notBefore how long the hub asks to be left alone
   */
  record NotOpened(int status, String why, Duration notBefore) implements LinkEvent {}
}
