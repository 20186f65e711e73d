package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices on an event stream. */
@SuppressWarnings("NullAway.Init") // set before each test
class DeviceStreamsTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  @StartHub({"--gateway-heartbeat-seconds", "2"})
  private static RunningHub hub;

  private String id;
  private String key;
  private TestHttpDevice device;

  @BeforeEach
  void register() {
    id = "lamp-" + DEVICES.incrementAndGet();
    key = hub.register(id);
    device = new TestHttpDevice(hub.port(), key);
  }

  /** Lines of a response that does not end. */
  private static final class Events implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    Events(TestHttpDevice device) throws Exception {
      HttpClient client = HttpClient.newHttpClient();
      response =
          client.send(
              device.to("commands").header("Accept", "text/event-stream").GET().build(),
              BodyHandlers.ofInputStream());
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The data of the next event, which must have this name. */
    JsonNode next(String name) throws IOException {
      String line = lines.readLine();
      while (line.isEmpty() || line.equals(":")) {
        line = lines.readLine();
      }
      assertThat(line).isEqualTo("event: " + name);
      String data = lines.readLine();
      assertThat(data).startsWith("data: ");
      assertThat(lines.readLine()).isEmpty();
      return JSON.readTree(data.substring(6));
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  private String command() {
    String body = "{\"name\":\"blink\"}";
    return hub.post("/api/v1/devices/" + id + "/commands", body).path("id").asText();
  }

  private JsonNode presence() {
    return hub.get("/api/v1/devices/" + id + "/presence");
  }

  @Test
  void a_stream_starts_with_the_welcome_and_delivers_commands_and_desired_states()
      throws Exception {
    String early = command();
    try (Events events = new Events(device)) {
      assertThat(events.response.statusCode()).isEqualTo(200);
      JsonNode welcome = events.next("welcome");
      assertThat(welcome.path("type").asText()).isEqualTo("welcome");
      assertThat(welcome.path("device").asText()).isEqualTo(id);
      assertThat(welcome.path("desired").path("version").asInt()).isZero();
      assertThat(events.next("command").path("id").asText()).isEqualTo(early);
      String late = command();
      assertThat(events.next("command").path("id").asText()).isEqualTo(late);
      hub.patch("/api/v1/devices/" + id + "/twin/desired", "{\"on\":true}");
      JsonNode desired = events.next("desired");
      assertThat(desired.path("state").path("on").asBoolean()).isTrue();
      assertThat(presence().path("state").asText()).isEqualTo("online");

      // Results and readings are uploaded in separate requests.
      device.post("commands/" + early + "/result", "{\"status\":\"succeeded\"}").is(204);
      device.post("telemetry", "{\"on\":true}").is(202);
      assertThat(presence().path("state").asText()).isEqualTo("online");
      assertThat(hub.get("/api/v1/commands/" + early).path("state").asText())
          .isEqualTo("succeeded");
    }
  }

  @Test
  void an_idle_stream_gets_heartbeats() throws Exception {
    try (Events events = new Events(device)) {
      events.next("welcome");
      assertThat(events.lines.readLine()).isEqualTo(":");
    }
  }

  @Test
  void the_end_of_a_stream_ends_its_session_and_requeues_commands() throws Exception {
    String command = command();
    try (Events events = new Events(device)) {
      events.next("welcome");
      events.next("command");
    }
    await().until(() -> presence().path("state").asText().equals("offline"));
    assertThat(presence().path("cause").asText()).isEqualTo("closed");
    try (Events events = new Events(device)) {
      events.next("welcome");
      assertThat(events.next("command").path("id").asText()).isEqualTo(command);
    }
  }

  @Test
  void a_displaced_session_gets_the_address_of_its_successor() throws Exception {
    try (Events events = new Events(device)) {
      events.next("welcome");
      hub.device(key).close();
      JsonNode end = events.next("end");
      assertThat(end.path("code").asText()).isEqualTo("conflict");
      assertThat(end.path("detail").asText()).contains("replaced by 127.0.0.1:");
    }
  }

  @Test
  void a_poll_replaces_a_stream_and_takes_over_its_commands() throws Exception {
    String command = command();
    try (Events events = new Events(device)) {
      events.next("welcome");
      events.next("command");
      assertThat(device.get("commands").is(200).text()).contains(command);
      assertThat(events.next("end").path("code").asText()).isEqualTo("conflict");
      assertThat(presence().path("state").asText()).isEqualTo("asleep");
    }
  }

  @Test
  void a_stream_displaced_before_its_welcome_takes_no_command_from_its_successor()
      throws Exception {
    for (int round = 0; round < 60; round++) {
      // A new device each time: one that keeps changing its transport is throttled.
      register();
      try (RawWebSocket stream = RawWebSocket.dial(hub.port());
          RawWebSocket poll = RawWebSocket.dial(hub.port())) {
        stream.bytes(request("commands", "Accept: text/event-stream\r\n"));
        poll.bytes(request("commands?wait=60", ""));
        await().until(() -> presence().path("state").asText().equals("online"));
        String command = command();
        // The later one has the session; the other was informed.
        assertThat(poll.head()).startsWith("HTTP/1.1 20");
        await()
            .until(
                () -> hub.get("/api/v1/commands/" + command).path("state").asText().equals("sent"));
        device.post("commands/" + command + "/result", "{\"status\":\"succeeded\"}").is(204);
      }
    }
  }

  private byte[] request(String path, String header) {
    return "GET /device/v1/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(path, key, header)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_hub_shutdown_answers_held_requests_with_a_retry_time(@StartHub RunningHub going)
      throws Exception {
    TestHttpDevice polling = new TestHttpDevice(going.port(), going.register("polling"));
    TestHttpDevice listening = new TestHttpDevice(going.port(), going.register("listening"));
    // A hub that has answered before must not count that as an answer to what it holds now.
    polling.post("telemetry", "{\"a\":1}").is(202);
    listening.post("telemetry", "{\"a\":1}").is(202);
    CompletableFuture<TestHttpDevice.Got> poll = polling.getLater("commands?wait=60");
    try (Events events = new Events(listening)) {
      events.next("welcome");
      await()
          .until(
              () ->
                  going
                      .get("/api/v1/devices/polling/presence")
                      .path("state")
                      .asText()
                      .equals("online"));
      going.close();
      assertThat(Integer.parseInt(poll.get(120, TimeUnit.SECONDS).is(204).header("Retry-After")))
          .isBetween(1, 30);
      JsonNode end = events.next("end");
      assertThat(end.path("code").asText()).isEqualTo("unavailable");
      assertThat(end.path("retryAfter").asInt()).isBetween(1, 30);
    }
  }
}
