/**
 * Adaptive polling: plans the interval with the lowest total cost of polls for the device and of
 * waiting for its commands. Inputs are the arrival times of the device's commands, its power report
 * and the hub's load; the result is a time and a reason. {@code docs/polling-plan.md} describes the
 * mathematics. Pure computation without timers or futures; the caller passes the time. Threading:
 * {@link io.signalbox.hub.polling.PollIntervalPlanner} and {@link
 * io.signalbox.hub.polling.LoadFactor} from any thread, a {@link
 * io.signalbox.hub.polling.CommandRateModel} from one at a time.
 */
@NullMarked
package io.signalbox.hub.polling;

import org.jspecify.annotations.NullMarked;
