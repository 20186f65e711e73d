package io.signalbox.sim.device;

import io.signalbox.sim.fault.LinkFaults;

/**
 * How the devices of a fleet behave.
 *
 * @param window most messages that a device keeps unacknowledged
 * @param dropOldest whether the oldest gives way when the window is full; else sampling pauses
 * @param behaviour how they treat commands
 * @param routes by which ways they call the hub
 */
public record DeviceProfile(
    int window,
    boolean dropOldest,
    LinkFaults faults,
    CommandBehaviour behaviour,
    TransportPreferences routes) {}
