package io.signalbox.sim.device;

import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.TransportKind;

/** Connection state of a device. Times are milliseconds of the event loop's clock. */
sealed interface ConnectionState {

  /** Not connected; connects at {@code until}. */
  record Disconnected(long until) implements ConnectionState {}

  /** Connecting; waits for the welcome until {@code deadline}. */
  record Connecting(Link link, TransportKind transport, long deadline) implements ConnectionState {}

  /** Connected since the given time. */
  record Connected(Link link, TransportKind transport, long since) implements ConnectionState {}

  /** Stopped for the rest of the run. */
  record Stopped() implements ConnectionState {}
}
