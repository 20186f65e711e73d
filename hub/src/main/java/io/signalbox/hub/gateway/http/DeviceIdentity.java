package io.signalbox.hub.gateway.http;

import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.model.Device;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/**
 * Which device a request comes from.
 *
 * @param key that it has shown
 * @param address where it comes from, with the port of its connection if that is known
 * @param connection as {@link #connection(HttpServerRequest)} tells
 */
record DeviceIdentity(Device device, String key, String address, int connection) {
  /**
   * Tells the connections of a device apart; 0 where a proxy says that it is in between, because
   * what is written to that may not reach the device.
   */
  static int connection(HttpServerRequest request) {
    MultiMap headers = request.headers();
    boolean proxied =
        RequestSource.isProxied(request)
            || headers.contains("Via")
            || headers.contains("Forwarded")
            || headers.contains("X-Forwarded-For");
    // A number, so that no device which sleeps keeps a connection in memory.
    return proxied ? 0 : System.identityHashCode(request.connection());
  }

  /** The device's id. */
  String id() {
    return device.id();
  }
}
