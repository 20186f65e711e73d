package io.signalbox.hub.gateway.http;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.polling.PollingPlan;

/**
 * What all devices share that come by HTTP.
 *
 * @param plan when they are to come again
 * @param tally what is counted of them
 * @param clock Unix milliseconds
 * @param kernelTells whether the kernel ends a connection whose peer does not acknowledge what was
 *     written to it
 */
public record House(
    Reception reception, PollingPlan plan, VisitTally tally, HubClock clock, boolean kernelTells) {
  long now() {
    return clock.stampMillis();
  }
}
