package io.signalbox.sim.device;

import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.TransportKind;

/** Where a device stands with the hub. Times are milliseconds of the loop's clock. */
sealed interface ConnectionState {

  /** Not connected; calls at {@code until}. */
  record Disconnected(long until) implements ConnectionState {}

  /** Has called and waits for the welcome, until {@code deadline}. */
  record Connecting(Link link, TransportKind transport, long deadline) implements ConnectionState {}

  /** Has a session since then. */
  record Connected(Link link, TransportKind transport, long since) implements ConnectionState {}

  /** Will not call again in this run. */
  record Stopped() implements ConnectionState {}
}
