package io.signalbox.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.websocket.RawWebSocket;
import io.signalbox.testsupport.FreePorts;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A complete hub on a free port, for tests that use its HTTP interface. {@link StartHub} injects
 * one into a test.
 *
 * <p>Threading: any thread may send requests; {@link #restart} and {@link #close} are called by the
 * test's.
 */
public final class RunningHub implements AutoCloseable {
  /** The admin key. */
  public static final String ADMIN_KEY = "sbk_only-for-tests-0123456789abcdef";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEADLINE_SECONDS = 180;

  private final List<String> flags;
  private final HttpClient http = HttpClient.newHttpClient();
  private Hub hub;
  private URI address;
  private boolean closed;

  private RunningHub(List<String> flags) {
    this.flags = flags;
    this.hub = build();
    this.address = start(hub);
  }

  /** Starts a hub with this data directory and more settings, as on the command line. */
  public static RunningHub start(Path data, String... settings) {
    List<String> flags = new ArrayList<>(List.of("--data", data.toString()));
    flags.addAll(List.of(settings));
    if (!flags.contains("--http-port")) {
      flags.addAll(List.of("--http-port", String.valueOf(FreePorts.next())));
    }
    if (!flags.contains("--disk-reserve-bytes")) {
      flags.addAll(List.of("--disk-reserve-bytes", "0"));
    }
    return new RunningHub(flags);
  }

  private Hub build() {
    Map<String, String> variables = Map.of("SIGNALBOX_ADMIN_KEY", ADMIN_KEY);
    HubConfig config = Configuration.read(HubConfig.class, flags, variables, null).settings();
    return await(Hub.build(config));
  }

  private static URI start(Hub hub) {
    return URI.create(await(hub.start(key -> {})));
  }

  private static <T> T await(Future<T> starting) {
    try {
      return starting.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException tooSlow) {
      throw new IllegalStateException("the hub did not start", tooSlow);
    }
  }

  /** Stops it in order and starts it again with the same data and port. */
  public void restart() {
    stop();
    hub = build();
    address = start(hub);
  }

  /** The port that it listens on. */
  public int port() {
    return address.getPort();
  }

  /** Registers a device with a key derived from its id; returns the key. */
  public String register(String device) {
    String key = device + "-key-of-at-least-24-characters";
    JsonNode answer =
        post("/api/v1/devices", "{\"id\":\"" + device + "\",\"key\":\"" + key + "\"}");
    if (!answer.path("id").asText().equals(device)) {
      throw new IllegalStateException("not registered: " + answer);
    }
    return key;
  }

  /** Connects a device with JSON; the welcome frame is still unread. */
  public RawWebSocket device(String key) {
    return RawWebSocket.open(
        port(),
        "/device/v1/stream",
        "Authorization: Bearer " + key,
        "Sec-WebSocket-Protocol: signalbox.v1.json");
  }

  /** Connects a feed client with the admin key; the hello frame is still unread. */
  public RawWebSocket openFeedSocket() {
    return RawWebSocket.open(port(), "/api/v1/stream", "Authorization: Bearer " + ADMIN_KEY);
  }

  /** The response to a GET, as JSON. */
  public JsonNode get(String path) {
    return send(request(path).GET());
  }

  /** The response to a POST, as JSON. */
  public JsonNode post(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The response to a PUT, as JSON. */
  public JsonNode put(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The response to a PATCH, as JSON. */
  public JsonNode patch(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The response to a DELETE, as JSON. */
  public JsonNode delete(String path) {
    return send(request(path).DELETE());
  }

  /** The newest reading of each metric of a device. */
  public JsonNode latest(String device) {
    return get("/api/v1/devices/" + device + "/telemetry/latest").path("metrics");
  }

  /** Defines a type by what it does with readings that do not fit, and its metrics as JSON. */
  public void define(String type, String strict, String metrics) {
    put("/api/v1/types/" + type, "{\"strict\":\"" + strict + "\",\"metrics\":" + metrics + "}");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path))
        .timeout(Duration.ofSeconds(DEADLINE_SECONDS))
        .header("Authorization", "Bearer " + ADMIN_KEY);
  }

  /** The text of {@code /metrics}. */
  public String metrics() {
    return body(request("/metrics").GET());
  }

  private JsonNode send(HttpRequest.Builder request) {
    return json(body(request));
  }

  private String body(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Parses a frame. */
  public static JsonNode json(RawWebSocket.Frame frame) {
    try {
      return JSON.readTree(frame.payload());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Parses a text. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it unless it is stopped already. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stop();
    }
  }

  private void stop() {
    try {
      hub.drain().eventually(hub::stop).await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException tooSlow) {
      throw new IllegalStateException("the hub did not stop", tooSlow);
    }
  }
}
