package io.signalbox.sim.http;

import io.signalbox.sim.link.Encoding;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;

/**
 * HTTP request of a device.
 *
 * @param path below {@code /device/v1/}, with its query
 * @param body empty for none
 * @param timeoutMillis timeout for the response
 */
record DeviceRequest(
    HttpMethod method, String path, Map<String, String> headers, Buffer body, long timeoutMillis) {
  private static final long PATIENCE_MILLIS = 15_000;
  private static final long LEAST_MARGIN_MILLIS = 2_000;

  static DeviceRequest get(String path) {
    return new DeviceRequest(HttpMethod.GET, path, Map.of(), Buffer.buffer(), PATIENCE_MILLIS);
  }

  static DeviceRequest post(String path, Encoding encoding, Buffer body) {
    Map<String, String> headers = Map.of("Content-Type", encoding.mediaType());
    return new DeviceRequest(HttpMethod.POST, path, headers, body, PATIENCE_MILLIS);
  }

  static DeviceRequest put(String path, Encoding encoding, Buffer body) {
    Map<String, String> headers = Map.of("Content-Type", encoding.mediaType());
    return new DeviceRequest(HttpMethod.PUT, path, headers, body, PATIENCE_MILLIS);
  }

  static DeviceRequest patch(String path, Buffer body) {
    Map<String, String> headers = Map.of("Content-Type", "application/merge-patch+json");
    return new DeviceRequest(HttpMethod.PATCH, path, headers, body, PATIENCE_MILLIS);
  }

  DeviceRequest with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new DeviceRequest(method, path, Map.copyOf(more), body, timeoutMillis);
  }

  /**
   * The same request with a response that the hub may hold for the given time; it times out after
   * twice that time.
   */
  DeviceRequest held(long millis) {
    long margin =
        millis == 0 ? PATIENCE_MILLIS : Math.clamp(millis, LEAST_MARGIN_MILLIS, PATIENCE_MILLIS);
    return new DeviceRequest(method, path, headers, body, millis + margin);
  }
}
