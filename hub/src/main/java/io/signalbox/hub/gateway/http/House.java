package io.signalbox.hub.gateway.http;

import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.polling.PollingPlan;
import java.util.function.LongSupplier;

/**
 * What all devices share that come by HTTP.
 *
 * @param plan when they are to come again
 * @param tally what is counted of them
 * @param clock Unix milliseconds
 */
public record House(Reception reception, PollingPlan plan, VisitTally tally, LongSupplier clock) {
  long now() {
    return clock.getAsLong();
  }
}
