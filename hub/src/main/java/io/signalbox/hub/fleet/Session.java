package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Transport;

/**
 * One device's attachment to one transport.
 *
 * @param device the device's id
 * @param epoch higher than that of every earlier session of the device, also across restarts
 * @param address where it comes from
 * @param since Unix milliseconds
 */
public record Session(String device, long epoch, Transport transport, String address, long since) {}
