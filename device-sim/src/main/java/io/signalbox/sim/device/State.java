package io.signalbox.sim.device;

import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.Way;

/** Where a device stands with the hub. Times are milliseconds of the loop's clock. */
sealed interface State {

  /** Not connected; calls at {@code until}. */
  record Resting(long until) implements State {}

  /** Has called and waits for the welcome, until {@code deadline}. */
  record Calling(Link link, Way way, long deadline) implements State {}

  /** Has a session since then. */
  record Attached(Link link, Way way, long since) implements State {}

  /** Will not call again in this run. */
  record Stopped() implements State {}
}
