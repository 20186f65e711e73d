package io.signalbox.hub.gateway.http;

import io.signalbox.hub.model.Device;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * Which device a request comes from.
 *
 * @param key that it has shown
 * @param address where it comes from, with the port of its connection
 */
record Caller(Device device, String key, String address) {
  /** Where a request comes from. */
  static String address(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    return remote.hostAddress() + ":" + remote.port();
  }

  /** The device's id. */
  String id() {
    return device.id();
  }
}
