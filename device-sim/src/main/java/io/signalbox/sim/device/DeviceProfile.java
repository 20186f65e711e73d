package io.signalbox.sim.device;

import io.signalbox.sim.fault.LinkFaults;

/**
 * Behaviour of the devices of a fleet.
 *
 * @param window maximum number of unacknowledged messages
 * @param dropOldest whether a full window drops the oldest message; else sampling pauses
 * @param behaviour how devices execute commands
 * @param transports transports to use
 */
public record DeviceProfile(
    int window,
    boolean dropOldest,
    LinkFaults faults,
    CommandBehaviour behaviour,
    TransportPreferences transports) {}
