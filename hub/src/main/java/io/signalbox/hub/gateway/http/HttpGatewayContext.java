package io.signalbox.hub.gateway.http;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.polling.PollIntervalPlanner;

/**
 * What all devices share that come by HTTP.
 *
 * @param plan when they are to come again
 * @param metrics what is counted of them
 * @param clock Unix milliseconds
 * @param kernelTells whether the kernel ends a connection whose peer does not acknowledge what was
 *     written to it
 */
public record HttpGatewayContext(
    DeviceAdmission admission,
    PollIntervalPlanner plan,
    HttpGatewayMetrics metrics,
    HubClock clock,
    boolean kernelTells) {
  long now() {
    return clock.stampMillis();
  }
}
