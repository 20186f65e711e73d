/**
 * A device's life: calls the hub, samples, sends, keeps what is not acknowledged, obeys commands,
 * comes back after every loss. Everything here is touched only by the event loop the device lives
 * on; time comes from one {@link io.signalbox.sim.device.TimerWheel} for all devices of a loop.
 */
@NullMarked
package io.signalbox.sim.device;

import org.jspecify.annotations.NullMarked;
