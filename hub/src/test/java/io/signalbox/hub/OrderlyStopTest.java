package io.signalbox.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM under load: held requests are answered with Retry-After. */
class OrderlyStopTest {
  private static final String ADMIN_KEY = RunningHub.ADMIN_KEY;
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  /** So many that they do not all get the same one of five times by chance. */
  private static final int EACH = 12;

  private static final Pattern RETRY_AFTER = Pattern.compile("(?i)retry-?after\"?: ?(\\d+)");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  private HubProcess start(String... more) throws Exception {
    List<String> flags = new ArrayList<>(List.of("--http-port=0"));
    flags.addAll(List.of(more));
    HubProcess hub =
        HubProcess.start(
            folder, Map.of("SIGNALBOX_ADMIN_KEY", ADMIN_KEY), flags.toArray(String[]::new));
    port = URI.create(hub.address()).getPort();
    return hub;
  }

  private static String key(String device) {
    return device + "-key-of-at-least-24-characters";
  }

  private String post(String path, String key, String body) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String get(String path) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + ADMIN_KEY));
  }

  private String send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(DEADLINE).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void register(String device) {
    String body = "{\"id\":\"%s\",\"key\":\"%s\"}".formatted(device, key(device));
    assertThat(post("/api/v1/devices", ADMIN_KEY, body)).contains(device);
    assertThat(post("/device/v1/telemetry", key(device), "{\"level\":1}")).contains("accepted");
  }

  private RawWebSocket request(String line, String key, String... headersAndBody) {
    String head = line + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + key + "\r\n";
    RawWebSocket socket = RawWebSocket.dial(port);
    socket.bytes((head + String.join("\r\n", headersAndBody) + "\r\n").getBytes(UTF_8));
    return socket;
  }

  private static String json(String body) {
    return "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private int metric(String name) {
    Matcher line =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " ([0-9.]+)$").matcher(get("/metrics"));
    assertThat(line.find()).as(name).isTrue();
    return (int) Double.parseDouble(line.group(1));
  }

  private void held(String metric, int expected) {
    await(metric).atMost(DEADLINE).until(() -> metric(metric) == expected);
  }

  /** What came to each, whose status is the expected one, with a time to return that varies. */
  private static void answered(List<RawWebSocket> waiting, int status, String content) {
    List<String> times = new ArrayList<>();
    for (RawWebSocket socket : waiting) {
      String answer = socket.rest();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains(content);
      Matcher time = RETRY_AFTER.matcher(answer);
      assertThat(time.find()).as(answer).isTrue();
      times.add(time.group(1));
    }
    assertThat(times.stream().distinct().count()).as("spread: %s", times).isGreaterThan(1);
  }

  private List<RawWebSocket> each(String line, String key, String... headersAndBody) {
    List<RawWebSocket> all = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      all.add(request(line, key.isEmpty() ? key("d" + i) : key, headersAndBody));
    }
    return all;
  }

  @Test
  void held_requests_are_answered_with_retry_after() throws Exception {
    try (HubProcess hub = start()) {
      for (int i = 0; i < EACH; i++) {
        register("d" + i);
        register("s" + i);
      }
      register("silent");
      String made = post("/api/v1/devices/silent/commands", ADMIN_KEY, "{\"name\":\"x\"}");
      Matcher command = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(made);
      assertThat(command.find()).as(made).isTrue();

      List<RawWebSocket> polls = each("GET /device/v1/commands?wait=60", "", "");
      List<RawWebSocket> streams = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        streams.add(
            request("GET /device/v1/commands", key("s" + i), "Accept: text/event-stream", ""));
      }
      List<RawWebSocket> feedPolls =
          each("GET /api/v1/events/poll?topics=twin&wait=60", ADMIN_KEY, "");
      List<RawWebSocket> feedStreams = each("GET /api/v1/events?topics=twin", ADMIN_KEY, "");
      String path = "/api/v1/commands/" + command.group(1) + "?wait=60";
      List<RawWebSocket> commandPolls = each("GET " + path, ADMIN_KEY, "");
      List<RawWebSocket> submitted =
          each(
              "POST /api/v1/devices/silent/commands",
              ADMIN_KEY,
              "Prefer: wait=60",
              json("{\"name\":\"y\"}"));
      RawWebSocket upload = half("POST /device/v1/telemetry", key("d0"), "{\"level\"", 3);
      RawWebSocket exchange = half("POST /device/v1/exchange", key("d1"), "{\"results\"", 4);
      held("signalbox_gateway_held_requests", 2 * EACH);
      held("signalbox_feed_clients{transport=\"poll\"}", EACH);
      held("signalbox_feed_clients{transport=\"sse\"}", EACH);
      held("signalbox_commands_held_requests", 2 * EACH);

      hub.terminate();

      answered(polls, 204, "");
      answered(streams, 200, "event: end");
      answered(feedPolls, 200, "\"cursor\"");
      assertThat(feedStreams)
          .allSatisfy(socket -> assertThat(socket.rest()).contains("event: end", "retry: "));
      answered(commandPolls, 200, "\"state\":\"queued\"");
      answered(submitted, 202, "\"state\":\"queued\"");
      // Both are answered only after their complete bodies.
      assertThat(upload.bytes(":2}".getBytes(UTF_8)).rest()).startsWith("HTTP/1.1 202 ");
      assertThat(exchange.bytes(":[]}".getBytes(UTF_8)).rest()).startsWith("HTTP/1.1 200 ");
      assertThat(hub.exitCode()).as(hub.complained()).isZero();
      assertThat(hub.complained()).doesNotContain("ERROR", "WARN");
    }
  }

  /** A request with an incomplete body: its last bytes are missing. */
  private RawWebSocket half(String line, String key, String begun, int missing) {
    // The line that ends after the header is part of the body, too.
    int length = begun.length() + 2 + missing;
    String type = "Content-Type: application/json";
    return request(line, key, type, "Content-Length: " + length, "", begun);
  }

  @Test
  void a_second_sigterm_skips_the_time_for_load_balancers() throws Exception {
    try (HubProcess hub = start("--drain-time=5m")) {
      hub.terminate();
      await().atMost(DEADLINE).until(() -> get("/health/ready").contains("draining"));

      hub.terminate();

      assertThat(hub.exitCode()).isZero();
    }
  }
}
