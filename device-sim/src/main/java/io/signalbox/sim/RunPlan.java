package io.signalbox.sim;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.command.CommandLoadPlan;
import io.signalbox.sim.device.DeviceProfile;
import io.signalbox.sim.http.PollingOptions;
import io.signalbox.sim.link.Encoding;
import java.time.Duration;
import java.util.Optional;

/**
 * Plan of a run, built from the command line.
 *
 * @param commandLoad the command load, if any
 */
record RunPlan(
    HubAddress hub,
    String apiKey,
    Scenario scenario,
    Links links,
    DeviceProfile profile,
    Optional<CommandLoadPlan> commandLoad,
    Terms terms) {

  /**
   * Encoding and polling options of the devices' links.
   *
   * @param pollingOptions options of links without a permanent connection
   */
  record Links(Encoding encoding, PollingOptions pollingOptions) {}

  /**
   * Duration, verification and output of a run.
   *
   * @param duration sampling time; a replay ends by itself
   * @param timeout how long to wait at the end for acknowledgements, and then for the history
   * @param verify whether the history is checked at the end
   * @param watch whether to measure latency on an operator's stream
   * @param quiet no progress line
   * @param seed random seed of everything except the keys
   */
  record Terms(
      Duration duration,
      Duration timeout,
      boolean verify,
      boolean watch,
      boolean quiet,
      long seed) {}
}
