/**
 * A simulated device: connects, samples, sends, keeps unacknowledged messages, executes commands,
 * reconnects. All classes are confined to the device's event loop; one {@link
 * io.signalbox.sim.device.TimerWheel} schedules all devices of a loop.
 */
@NullMarked
package io.signalbox.sim.device;

import org.jspecify.annotations.NullMarked;
