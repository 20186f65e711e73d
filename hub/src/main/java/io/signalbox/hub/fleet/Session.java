package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Transport;

/**
 * Session of a device over one transport.
 *
 * @param device the device's id
 * @param epoch higher than that of every earlier session of the device, also across restarts
 * @param address network address of the device
 * @param since Unix milliseconds
 */
public record Session(String device, long epoch, Transport transport, String address, long since) {
  /** The address without the port. */
  String host() {
    int port = address.lastIndexOf(':');
    return port < 0 ? address : address.substring(0, port);
  }
}
