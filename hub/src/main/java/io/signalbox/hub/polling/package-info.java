/**
 * When a device that polls should come again: the interval at which what its polls cost it and what
 * its commands' waiting costs others is least together. In go the times at which a device's
 * commands came, what the device says of its power, and how busy the hub is; out comes a time, and
 * why. The mathematics are in {@code docs/polling-plan.md}. Pure: no timers, no futures, the clock
 * is the caller's. Threading: {@link io.signalbox.hub.polling.PollIntervalPlanner} and {@link
 * io.signalbox.hub.polling.LoadFactor} from any thread, a {@link
 * io.signalbox.hub.polling.CommandRateModel} from one at a time.
 */
@NullMarked
package io.signalbox.hub.polling;

import org.jspecify.annotations.NullMarked;
