package io.signalbox.sim.model;

import java.util.List;

/**
 * All channels of a device at one instant.
 *
 * @param ts Unix milliseconds, the device's own clock
 */
public record Sample(long ts, List<Reading> readings) {}
