package io.signalbox.sim;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.device.Habits;
import io.signalbox.sim.http.Visits;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.order.Brief;
import java.time.Duration;
import java.util.Optional;

/**
 * A run, as the command line asks for it.
 *
 * @param orders the commands that are given meanwhile, if any
 */
record Plan(
    HubAddress hub,
    String apiKey,
    Script script,
    Links links,
    Habits habits,
    Optional<Brief> orders,
    Terms terms) {

  /**
   * How devices talk with the hub.
   *
   * @param visits how those call that are not always linked with it
   */
  record Links(Encoding encoding, Visits visits) {}

  /**
   * When a run ends and what it tells.
   *
   * @param duration how long readings are made; a replay ends by itself
   * @param patience how long to wait at the end: for acknowledgements, and again for the history
   * @param verify whether the history is checked at the end
   * @param watch whether an operator's stream is opened to measure what it waits
   * @param quiet no progress line
   * @param seed of everything random but the keys
   */
  record Terms(
      Duration duration,
      Duration patience,
      boolean verify,
      boolean watch,
      boolean quiet,
      long seed) {}
}
