package io.signalbox.sim.model;

import java.util.List;

/**
 * Values of all channels of a device at one time.
 *
 * @param ts Unix milliseconds, the device's own clock
 */
public record Sample(long ts, List<Reading> readings) {}
