package io.signalbox.hub.gateway.http;

import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.model.Device;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/**
 * The authenticated device of a request.
 *
 * @param key key of the request
 * @param address address of the client, with the port of its connection if known
 * @param connection number from {@link #connection(HttpServerRequest)}
 */
record DeviceIdentity(Device device, String key, String address, int connection) {
  /**
   * A number that distinguishes the connections of a device; 0 if a proxy declares itself, because
   * bytes written to a proxy may not reach the device.
   */
  static int connection(HttpServerRequest request) {
    MultiMap headers = request.headers();
    boolean proxied =
        RequestSource.isProxied(request)
            || headers.contains("Via")
            || headers.contains("Forwarded")
            || headers.contains("X-Forwarded-For");
    // A number, so that a sleeping device keeps no connection in memory.
    return proxied ? 0 : System.identityHashCode(request.connection());
  }

  /** The device's id. */
  String id() {
    return device.id();
  }
}
