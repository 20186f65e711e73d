package io.signalbox.hub.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flight recorder entries of a device, read over HTTP from a complete hub. */
class FlightRecorderEntriesTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub({"--recorder-entries-per-device", "20"})
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

  @Test
  void a_device_without_events_has_an_empty_record() {
    assertThat(hub.get("/api/v1/devices/" + device + "/recorder").toString())
        .isEqualTo("{\"items\":[],\"next\":null,\"total\":0}");
  }

  @Test
  void sessions_are_recorded_with_cause_transport_and_address() {
    connect().close(1000, "bye");

    JsonNode went = await("disconnected");
    assertThat(went.path("code").asText()).isEqualTo("closed");
    assertThat(went.path("text").asText())
        .endsWith("ended: the device closed the connection (\"bye\")");
    JsonNode came = await("connected");
    assertThat(came.path("session")).isEqualTo(went.path("session"));
    assertThat(came.path("transport").asText()).isEqualTo("websocket");
    assertThat(came.path("address").asText()).startsWith("127.0.0.1:");
    assertThat(came.path("node").asText()).isEqualTo("hub");
  }

  @Test
  void a_broken_connection_is_recorded_as_lost_not_closed() {
    connect().cut();

    assertThat(await("disconnected").path("code").asText()).isEqualTo("lost");
  }

  @Test
  void a_takeover_is_recorded_with_both_addresses() {
    connect();
    JsonNode first = await("connected");
    connect();

    JsonNode takeover = await("takeover");
    assertThat(takeover.path("text").asText())
        .startsWith("session " + takeover.path("session").asText() + " from 127.0.0.1:")
        .endsWith(
            "took over from session %s from %s"
                .formatted(first.path("session").asText(), first.path("address").asText()));
    assertThat(items("disconnected")).isEmpty();
  }

  @Test
  void repeated_bad_messages_are_one_entry_with_a_count_and_field() {
    RawWebSocket socket = connect();
    for (int seq = 1; seq <= 200; seq++) {
      socket.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":{\"t\":1e999}}");
    }
    for (int seq = 1; seq <= 200; seq++) {
      socket.nextMessage();
    }

    List<JsonNode> refused = items("message");
    assertThat(refused).hasSize(1);
    assertThat(refused.getFirst().path("count").asInt()).isEqualTo(200);
    assertThat(refused.getFirst().path("code").asText()).isEqualTo("not-finite");
    assertThat(refused.getFirst().path("text").asText()).contains("values.t");
  }

  @Test
  void a_disabled_device_that_connects_is_recorded_as_refused() {
    connect();
    hub.patch("/api/v1/devices/" + device, "{\"enabled\":false}");
    assertThat(await("disconnected").path("code").asText()).isEqualTo("disabled");
    assertThat(connectInVain("signalbox.v1.json")).startsWith("HTTP/1.1 403");

    JsonNode refused = await("refused");
    assertThat(refused.path("code").asText()).isEqualTo("disabled");
    assertThat(await("changed").path("text").asText()).isEqualTo("disabled by admin");
    assertThat(refused.path("address").asText()).startsWith("127.0.0.1:");
  }

  @Test
  void a_device_that_connects_with_its_previous_key_is_identified() {
    connect();
    hub.post("/api/v1/devices/" + device + "/key", "{}");
    assertThat(connectInVain("signalbox.v1.json")).startsWith("HTTP/1.1 401");

    JsonNode refused = await("refused");
    assertThat(refused.path("code").asText()).isEqualTo("unauthenticated");
    assertThat(refused.path("text").asText())
        .isEqualTo("refused: it used a key that was replaced since");
    assertThat(hub.get("/api/v1/devices/" + device + "/why").path("summary").asText())
        .contains("its key was replaced, and the old key is no longer valid; it tried to connect ")
        .contains("but was refused: it used a key that was replaced");
  }

  @Test
  void valid_readings_are_not_recorded() {
    RawWebSocket socket = connect();
    for (int seq = 1; seq <= 300; seq++) {
      socket.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":{\"t\":1}}");
    }
    while (RunningHub.json(socket.nextMessage()).path("seq").asInt() < 300) {}

    assertThat(hub.get("/api/v1/devices/" + device + "/recorder").path("total").asInt())
        .isEqualTo(1);
  }

  @Test
  void a_device_that_offers_no_subprotocol_is_recorded_as_refused() {
    assertThat(connectInVain("mqtt")).startsWith("HTTP/1.1 400");

    assertThat(await("refused").path("code").asText()).isEqualTo("bad-subprotocol");
  }

  @Test
  void a_device_refused_at_the_connection_limit_is_recorded(
      @StartHub({"--gateway-max-connections", "1"}) RunningHub full) {
    String other = full.register("other");
    try (RawWebSocket only = full.device(full.register("only"))) {
      assertThat(RunningHub.json(only.nextMessage()).path("type").asText()).isEqualTo("welcome");
      assertThat(connectInVain(full, other, "signalbox.v1.json")).startsWith("HTTP/1.1 503");
    }

    assertThat(await(full, "other", "refused").path("text").asText())
        .isEqualTo("refused: the connection limit is reached (gateway.maxConnections)");
  }

  @Test
  void a_refused_result_is_recorded_with_the_command() {
    RawWebSocket socket = connect();
    String id = "0198f0a0-0000-7000-8000-000000000000";
    socket.text("{\"type\":\"result\",\"id\":\"" + id + "\",\"status\":\"succeeded\"}");
    socket.nextMessage();

    JsonNode refused = await("result");
    assertThat(refused.path("code").asText()).isEqualTo("unknown-command");
    assertThat(refused.path("command").asText()).isEqualTo(id);
  }

  @Test
  void pushes_of_the_desired_state_and_command_steps_are_recorded() {
    RawWebSocket socket = connect();
    hub.patch("/api/v1/devices/" + device + "/twin/desired", "{\"on\":true}");
    socket.nextMessage();
    JsonNode made =
        hub.post("/api/v1/devices/" + device + "/commands", "{\"name\":\"start\",\"params\":{}}");
    socket.nextMessage();

    assertThat(await("twin").path("text").asText())
        .isEqualTo("the desired state, version 1, was sent to it");
    List<JsonNode> steps = items("command");
    assertThat(steps)
        .extracting(step -> step.path("code").asText())
        .containsExactly("sent", "queued");
    assertThat(steps).allMatch(step -> step.path("command").equals(made.path("id")));
    assertThat(steps.getLast().path("text").asText())
        .isEqualTo("command 'start' was queued by admin");
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest() {
    RawWebSocket socket = connect();
    for (int i = 0; i < 7; i++) {
      hub.post("/api/v1/devices/" + device + "/commands", "{\"name\":\"start\",\"params\":{}}");
      socket.nextMessage();
    }
    String all = hub.get("/api/v1/devices/" + device + "/recorder").path("items").toString();

    List<String> read = new ArrayList<>();
    String cursor = "";
    while (!cursor.equals("null")) {
      JsonNode page = hub.get("/api/v1/devices/" + device + "/recorder?limit=2&cursor=" + cursor);
      page.path("items").forEach(item -> read.add(item.toString()));
      cursor = page.path("next").asText();
    }

    assertThat("[" + String.join(",", read) + "]").isEqualTo(all);
    assertThat(read).hasSize(15);
  }

  private RawWebSocket connect() {
    RawWebSocket socket = hub.device(key);
    opened.add(socket);
    assertThat(RunningHub.json(socket.nextMessage()).path("type").asText()).isEqualTo("welcome");
    return socket;
  }

  private String connectInVain(String protocol) {
    return connectInVain(hub, key, protocol);
  }

  /** The response header that a device receives. */
  private static String connectInVain(RunningHub at, String with, String protocol) {
    try (RawWebSocket socket = RawWebSocket.dial(at.port())) {
      return socket.handshake(
          "/device/v1/stream",
          "Authorization: Bearer " + with,
          "Sec-WebSocket-Protocol: " + protocol);
    }
  }

  private List<JsonNode> items(String kind) {
    return items(hub, device, kind);
  }

  private JsonNode await(String kind) {
    return await(hub, device, kind);
  }

  private static List<JsonNode> items(RunningHub at, String of, String kind) {
    JsonNode page = at.get("/api/v1/devices/" + of + "/recorder?kind=" + kind);
    return StreamSupport.stream(page.path("items").spliterator(), false).toList();
  }

  private static JsonNode await(RunningHub at, String of, String kind) {
    return Awaitility.await(kind)
        .until(() -> items(at, of, kind), items -> !items.isEmpty())
        .getFirst();
  }
}
