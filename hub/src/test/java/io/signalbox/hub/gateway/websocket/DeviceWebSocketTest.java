package io.signalbox.hub.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Correct and faulty devices on real WebSockets. */
class DeviceWebSocketTest {
  private static final String PATH = "/device/v1/stream";
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub({"--gateway-max-frame-bytes", "65536"})
  private static RunningHub hub;

  private final List<RawWebSocket> opened = new ArrayList<>();
  private String device = "";
  private String key = "";

  @BeforeEach
  void register() {
    device = "dev-" + DEVICES.incrementAndGet();
    key = hub.register(device);
  }

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  private RawWebSocket connect() {
    RawWebSocket socket = hub.device(key);
    opened.add(socket);
    assertThat(next(socket).path("type").asText()).isEqualTo("welcome");
    return socket;
  }

  private static JsonNode next(RawWebSocket socket) {
    return RunningHub.json(socket.nextMessage());
  }

  private static void expectAck(RawWebSocket socket, long seq) {
    JsonNode frame = next(socket);
    while (frame.path("type").asText().equals("ack") && frame.path("seq").asLong() < seq) {
      frame = next(socket);
    }
    assertThat(frame.toString()).isEqualTo("{\"type\":\"ack\",\"seq\":" + seq + "}");
  }

  private JsonNode presence() {
    return hub.get("/api/v1/devices/" + device + "/presence");
  }

  private void awaitPresence(String state, String cause) {
    await()
        .untilAsserted(
            () -> {
              JsonNode presence = presence();
              assertThat(presence.path("state").asText()).as("%s", presence).isEqualTo(state);
              assertThat(presence.path("cause").asText()).as("%s", presence).isEqualTo(cause);
            });
  }

  @Test
  void the_first_frame_is_the_welcome_with_session_and_limits() {
    RawWebSocket socket = hub.device(key);
    opened.add(socket);
    JsonNode welcome = next(socket);
    assertThat(welcome.path("type").asText()).isEqualTo("welcome");
    assertThat(welcome.path("device").asText()).isEqualTo(device);
    assertThat(welcome.path("session").asText()).matches("[0-9]+");
    assertThat(welcome.path("heartbeat").asInt()).isEqualTo(30);
    assertThat(welcome.path("limits").path("frameBytes").asInt()).isEqualTo(65_536);
    assertThat(welcome.path("desired").path("version").asInt()).isZero();
  }

  @Test
  void an_acknowledged_reading_is_in_history_and_is_the_latest_value() {
    RawWebSocket socket = connect();
    socket.text("{\"type\":\"telemetry\",\"seq\":1,\"ts\":1764000000000,\"values\":{\"t\":21.4}}");
    expectAck(socket, 1);
    JsonNode history =
        hub.get(
            "/api/v1/devices/"
                + device
                + "/telemetry?metric=t&from=1764000000000&to=1764000000001");
    assertThat(history.path("points").toString()).isEqualTo("[[1764000000000,21.4]]");
    JsonNode latest = hub.get("/api/v1/devices/" + device + "/telemetry/latest");
    assertThat(latest.path("metrics").path("t").path("value").asDouble()).isEqualTo(21.4);
  }

  @Test
  void acknowledgements_are_cumulative() {
    RawWebSocket socket = connect();
    for (int seq = 1; seq <= 500; seq++) {
      socket.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":{\"t\":" + seq + "}}");
    }
    expectAck(socket, 500);
  }

  @Test
  void messages_without_a_time_do_not_collapse_into_one() {
    RawWebSocket socket = connect();
    for (int seq = 1; seq <= 200; seq++) {
      socket.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":{\"n\":" + seq + "}}");
    }
    expectAck(socket, 200);
    JsonNode history =
        hub.get(
            "/api/v1/devices/"
                + device
                + "/telemetry?metric=n&to="
                + (System.currentTimeMillis() + 5000));
    assertThat(history.path("points").size()).isEqualTo(200);
  }

  @Test
  void a_cbor_device_is_answered_in_cbor() {
    RawWebSocket socket =
        RawWebSocket.open(
            hub.port(),
            PATH,
            "Authorization: Bearer " + key,
            "Sec-WebSocket-Protocol: signalbox.v1.cbor");
    opened.add(socket);
    assertThat(socket.nextMessage().opcode()).isEqualTo(2);
    socket.text("{}");
    assertThat(socket.untilClosed().getLast().closeCode()).isEqualTo(1003);
  }

  @Test
  void the_key_may_be_sent_as_a_subprotocol() {
    RawWebSocket socket =
        RawWebSocket.open(
            hub.port(), PATH, "Sec-WebSocket-Protocol: bearer." + key + ", signalbox.v1.json");
    opened.add(socket);
    assertThat(next(socket).path("type").asText()).isEqualTo("welcome");
  }

  @ParameterizedTest
  @CsvSource({
    "401, unauthenticated, 'Authorization: Bearer sbd_wrong', 'Sec-WebSocket-Protocol:"
        + " signalbox.v1.json'",
    "401, unauthenticated, 'X-Nothing: 1', 'Sec-WebSocket-Protocol: signalbox.v1.json'",
    "400, bad-subprotocol, 'Authorization: Bearer sbd_wrong', 'Sec-WebSocket-Protocol: mqtt'",
    "400, bad-subprotocol, 'Authorization: Bearer sbd_wrong', 'X-Nothing: 1'"
  })
  void refusals_before_the_upgrade_are_problem_documents(
      int status, String code, String one, String two) {
    try (RawWebSocket socket = RawWebSocket.dial(hub.port())) {
      String head = socket.handshake(PATH, one, two);
      assertThat(head)
          .startsWith("HTTP/1.1 " + status)
          .containsIgnoringCase("content-type: application/problem+json");
      int length = Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
      assertThat(socket.body(length)).contains("\"code\":\"" + code + "\"");
    }
  }

  @Test
  void a_plain_request_gets_426_upgrade_required() {
    try (RawWebSocket socket = RawWebSocket.dial(hub.port())) {
      socket.bytes(
          ("GET " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.head())
          .startsWith("HTTP/1.1 426")
          .containsIgnoringCase("upgrade: websocket");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "not json                                              | malformed",
        "{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":1}   | malformed",
        "{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":NaN}} | not-finite",
        "{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":1e999}} | not-finite",
        "{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":null}} | invalid",
        "{\"type\":\"telemetry\",\"seq\":1,\"values\":{}}       | invalid",
        "{\"type\":\"telemetry\",\"values\":{\"t\":1}}          | invalid",
        "{\"type\":\"telemetry\",\"seq\":1,\"ts\":99999999999999,\"values\":{\"t\":1}} |"
            + " bad-timestamp",
        "{\"type\":\"telemetry\",\"seq\":7,\"values\":{\"t\":1}} | bad-sequence",
        "{\"type\":\"dance\"}                                   | unknown-type",
        "[1,2,3]                                               | invalid",
        "{\"type\":\"result\",\"id\":\"0198f0a0-0000-7000-8000-000000000000\",\"status\":\"succeeded\"}"
            + " | unknown-command"
      })
  void an_invalid_frame_gets_an_error_and_the_session_continues(String frame, String code) {
    RawWebSocket socket = connect();
    socket.text(frame);
    JsonNode error = next(socket);
    assertThat(error.path("type").asText()).isEqualTo("error");
    assertThat(error.path("code").asText()).as("%s", error).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotBlank();
    long seq = error.has("seq") && !code.equals("bad-sequence") ? 2 : 1;
    socket.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":{\"t\":1}}");
    expectAck(socket, seq);
  }

  @Test
  void a_refused_message_does_not_affect_its_neighbours() {
    RawWebSocket socket = connect();
    socket.text("{\"type\":\"telemetry\",\"seq\":1,\"ts\":1764000001000,\"values\":{\"a\":1}}");
    socket.text(
        "{\"type\":\"telemetry\",\"seq\":2,\"ts\":1764000001000,\"values\":{\"b\":1,\"c\":1e999}}");
    socket.text("{\"type\":\"telemetry\",\"seq\":3,\"ts\":1764000001000,\"values\":{\"d\":1}}");
    List<String> frames = new ArrayList<>();
    JsonNode frame = next(socket);
    while (!(frame.path("type").asText().equals("ack") && frame.path("seq").asInt() == 3)) {
      frames.add(frame.toString());
      frame = next(socket);
    }
    assertThat(frames).anyMatch(text -> text.contains("values.c") && text.contains("\"seq\":2"));
    JsonNode kept = hub.latest(device);
    assertThat(kept.has("a")).isTrue();
    assertThat(kept.has("b")).isFalse();
    assertThat(kept.has("d")).isTrue();
  }

  @Test
  void a_ping_frame_of_the_device_is_answered() {
    RawWebSocket socket = connect();
    socket.text("{\"type\":\"ping\"}");
    assertThat(next(socket).path("type").asText()).isEqualTo("pong");
  }

  @Test
  void a_frame_over_the_limit_closes_the_connection_with_1009() {
    RawWebSocket socket = connect();
    socket.text(
        "{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":\"" + "x".repeat(70_000) + "\"}}");
    assertThat(socket.untilClosed().getLast().closeCode()).isEqualTo(1009);
  }

  @Test
  void a_fragmented_reading_is_accepted() {
    RawWebSocket socket = connect();
    byte[] frame =
        "{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":1}}"
            .getBytes(StandardCharsets.US_ASCII);
    socket.frame(0x01, Arrays.copyOf(frame, 10));
    socket.frame(0x80, Arrays.copyOfRange(frame, 10, frame.length));
    expectAck(socket, 1);
  }

  @Test
  void binary_garbage_on_a_json_session_is_closed_with_1003() {
    RawWebSocket socket = connect();
    socket.binary(new byte[] {1, 2, 3, (byte) 0xFF});
    assertThat(socket.untilClosed().getLast().closeCode()).isEqualTo(1003);
    awaitPresence("offline", "closed-with-1003");
  }

  @Test
  void a_partial_frame_and_a_reset_leave_the_device_offline() {
    RawWebSocket socket = connect();
    socket.bytes(Arrays.copyOf(RawWebSocket.masked(0x81, new byte[100]), 50)).cut();
    awaitPresence("offline", "lost");
    RawWebSocket again = connect();
    again.text("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":1}}");
    expectAck(again, 1);
  }

  @Test
  void a_newer_session_replaces_the_older_one() {
    RawWebSocket older = connect();
    RawWebSocket newer = connect();
    assertThat(older.untilClosed().getLast().closeCode()).isEqualTo(4409);
    newer.text("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":1}}");
    expectAck(newer, 1);
    assertThat(presence().path("state").asText()).isEqualTo("online");
  }

  @Test
  void a_device_that_closes_its_connection_is_offline_with_cause_closed() {
    connect().close(1000, "bye");
    awaitPresence("offline", "closed");
  }

  @Test
  void a_new_key_ends_the_session_of_the_old_one() {
    RawWebSocket socket = connect();
    hub.post("/api/v1/devices/" + device + "/key", "{}");
    assertThat(socket.untilClosed().getLast().closeCode()).isEqualTo(4401);
    awaitPresence("offline", "revoked");
  }

  @Test
  void a_deleted_device_is_disconnected() {
    RawWebSocket socket = connect();
    hub.delete("/api/v1/devices/" + device);
    assertThat(socket.untilClosed().getLast().closeCode()).isEqualTo(4401);
  }

  @Test
  void a_command_reaches_the_device_and_its_result_comes_back() {
    RawWebSocket socket = connect();
    JsonNode made =
        hub.post(
            "/api/v1/devices/" + device + "/commands",
            "{\"name\":\"set-target\",\"params\":{\"celsius\":22}}");
    JsonNode command = next(socket);
    assertThat(command.path("type").asText()).isEqualTo("command");
    assertThat(command.path("id")).isEqualTo(made.path("id"));
    assertThat(command.path("params").toString()).isEqualTo("{\"celsius\":22}");
    String id = command.path("id").asText();
    socket.text(
        "{\"type\":\"result\",\"id\":\""
            + id
            + "\",\"status\":\"succeeded\",\"data\":{\"ok\":true}}");
    JsonNode done = hub.get("/api/v1/commands/" + id);
    while (!done.path("state").asText().equals("succeeded")) {
      done = hub.get("/api/v1/commands/" + id + "?wait=10");
    }
    assertThat(done.path("result").toString()).isEqualTo("{\"ok\":true}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 400})
  void a_client_that_never_reads_is_paused_and_the_hub_continues(int messages) {
    RawWebSocket deaf = connect();
    String nonsense = "{\"type\":\"x\",\"pad\":\"" + "y".repeat(2000) + "\"}";
    for (int i = 0; i < messages; i++) {
      deaf.text(nonsense);
    }
    String other = "other-of-" + device;
    try (RawWebSocket fine = hub.device(hub.register(other))) {
      assertThat(next(fine).path("type").asText()).isEqualTo("welcome");
      fine.text("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"t\":1}}");
      expectAck(fine, 1);
    }
  }
}
