package io.signalbox.sim.device;

import io.signalbox.sim.api.Keyring;
import io.signalbox.sim.door.Door;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the devices of one loop share.
 *
 * @param clock Unix milliseconds, never going back
 */
public record Surroundings(
    Door door,
    Keyring keys,
    RandomGenerator random,
    LongSupplier clock,
    Wheel<SimDevice> wheel,
    Habits habits) {}
