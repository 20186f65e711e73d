package io.signalbox.hub.gateway.http;

import io.signalbox.hub.model.Device;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which device a request comes from.
 *
 * @param key that it has shown
 * @param address where it comes from, with the port of its connection
 */
record Caller(Device device, String key, String address) {
  private static final String BEARER = "Bearer ";

  /** The key that a request shows; null if none. */
  static @Nullable String key(HttpServerRequest request) {
    String header = request.getHeader("Authorization");
    boolean bearer = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return bearer ? header.substring(BEARER.length()).strip() : null;
  }

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
