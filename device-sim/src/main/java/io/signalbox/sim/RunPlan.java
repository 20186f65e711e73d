package io.signalbox.sim;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.command.CommandLoadPlan;
import io.signalbox.sim.device.DeviceProfile;
import io.signalbox.sim.http.PollingOptions;
import io.signalbox.sim.link.Encoding;
import java.time.Duration;
import java.util.Optional;

/**
 * A run, as the command line asks for it.
 *
 * @param orders the commands that are given meanwhile, if any
 */
record RunPlan(
    HubAddress hub,
    String apiKey,
    Scenario script,
    Links links,
    DeviceProfile profile,
    Optional<CommandLoadPlan> orders,
    Terms terms) {

  /**
   * How devices talk with the hub.
   *
   * @param pollingOptions how those call that are not always linked with it
   */
  record Links(Encoding encoding, PollingOptions pollingOptions) {}

  /**
   * When a run ends and what it tells.
   *
   * @param duration how long readings are made; a replay ends by itself
   * @param timeout how long to wait at the end: for acknowledgements, and again for the history
   * @param verify whether the history is checked at the end
   * @param watch whether an operator's stream is opened to measure what it waits
   * @param quiet no progress line
   * @param seed of everything random but the keys
   */
  record Terms(
      Duration duration,
      Duration timeout,
      boolean verify,
      boolean watch,
      boolean quiet,
      long seed) {}
}
