package io.signalbox.sim.device;

import io.signalbox.sim.api.DeviceKeys;
import io.signalbox.sim.connector.LinkConnector;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Dependencies shared by the devices of one event loop.
 *
 * @param clock Unix milliseconds, never going back
 */
public record DeviceContext(
    LinkConnector connector,
    DeviceKeys keys,
    RandomGenerator random,
    LongSupplier clock,
    TimerWheel<SimDevice> wheel,
    DeviceProfile profile) {}
