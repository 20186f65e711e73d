package io.signalbox.hub.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices on a WebSocket whose type tags or refuses readings that do not fit. */
class StrictOverWebSocketTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final String FLOW = "{\"flow\":{\"kind\":\"number\"},\"note\":{}}";

  @StartHub({"--gateway-heartbeat-seconds", "600"})
  private static RunningHub hub;

  private final List<RawWebSocket> opened = new ArrayList<>();
  private String id = "";
  private String type = "";
  private String key = "";

  @BeforeEach
  void register() {
    id = "valve-" + DEVICES.incrementAndGet();
    type = "type-of-" + id;
    key = hub.register(id);
    hub.patch(path(), "{\"type\":\"" + type + "\"}");
  }

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  private String path() {
    return "/api/v1/devices/" + id;
  }

  private void define(String strict, String metrics) {
    hub.define(type, strict, metrics);
  }

  private RawWebSocket connect() {
    return started(hub.device(key));
  }

  private RawWebSocket started(RawWebSocket socket) {
    opened.add(socket);
    socket.nextMessage();
    return socket;
  }

  private static void send(RawWebSocket socket, long seq, String values) {
    socket.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":" + values + "}");
  }

  private static void isStored(RawWebSocket socket, long seq) {
    assertThat(socket.nextMessage().text()).isEqualTo("{\"type\":\"ack\",\"seq\":" + seq + "}");
  }

  private static JsonNode isRefused(RawWebSocket socket, long seq) {
    JsonNode error = RunningHub.json(socket.nextMessage());
    assertThat(error.path("code").asText()).as(error.toString()).isEqualTo("invalid-readings");
    assertThat(error.path("seq").asLong()).isEqualTo(seq);
    return error;
  }

  @Test
  void a_message_with_a_reading_that_does_not_fit_is_refused_as_a_whole() {
    define("refuse", FLOW);
    RawWebSocket socket = connect();

    send(socket, 1, "{\"note\":true,\"flow\":\"12\",\"presure\":1}");

    JsonNode error = isRefused(socket, 1);
    assertThat(error.path("message").asText())
        .isEqualTo(
            "the readings do not fit the type "
                + type
                + ": /flow must be a number, is the text \"12\"; and 1 more fault");
    assertThat(error.path("errors").findValuesAsText("pointer"))
        .containsExactly("/flow", "/presure");
    assertThat(error.at("/errors/1/detail").asText())
        .isEqualTo("is not a metric of the type " + type);
    send(socket, 2, "{\"flow\":12}");
    isStored(socket, 2);
    assertThat(hub.latest(id).path("flow").path("value").asInt()).isEqualTo(12);
    assertThat(hub.latest(id).has("note")).isFalse();
    String recorded = path() + "/recorder?kind=message";
    await().until(() -> hub.get(recorded).toString().contains("(invalid-readings)"));
  }

  @Test
  void the_number_of_a_refused_message_is_used_up() {
    define("refuse", FLOW);
    RawWebSocket socket = connect();
    send(socket, 1, "{\"flow\":\"a\"}");
    isRefused(socket, 1);

    send(socket, 1, "{\"flow\":1}");

    assertThat(socket.nextMessage().text()).contains("bad-sequence", "expected 2");
    send(socket, 2, "{\"flow\":1}");
    isStored(socket, 2);
  }

  @Test
  void senml_and_cbor_are_checked_as_well() throws IOException {
    define("refuse", FLOW);
    RawWebSocket socket = connect();
    socket.text(
        "{\"type\":\"telemetry\",\"seq\":1,\"senml\":[{\"n\":\"flow\",\"u\":\"m3/s\",\"vs\":\"x\"}]}");
    isRefused(socket, 1);
    assertThat(hub.get(path() + "/description").at("/metrics/flow").has("unit")).isFalse();
    socket.text("{\"type\":\"telemetry\",\"seq\":2,\"senml\":[{\"n\":\"flow\",\"v\":1}]}");
    isStored(socket, 2);

    CBORMapper cbor = new CBORMapper();
    RawWebSocket binary =
        started(
            RawWebSocket.open(
                hub.port(),
                "/device/v1/stream",
                "Authorization: Bearer " + key,
                "Sec-WebSocket-Protocol: signalbox.v1.cbor"));
    ObjectNode frame = cbor.createObjectNode().put("type", "telemetry").put("seq", 1);
    frame.putObject("values").put("flow", true);
    binary.binary(cbor.writeValueAsBytes(frame));
    JsonNode error = cbor.readTree(binary.nextMessage().payload());
    assertThat(error.path("code").asText()).isEqualTo("invalid-readings");
    assertThat(error.at("/errors/0/pointer").asText()).isEqualTo("/flow");
  }

  @Test
  void a_change_of_the_type_holds_for_the_next_message_of_an_open_session() {
    RawWebSocket socket = connect();
    send(socket, 1, "{\"flow\":\"a\"}");
    isStored(socket, 1);

    define("refuse", FLOW);
    send(socket, 2, "{\"flow\":\"b\"}");
    isRefused(socket, 2);

    define("refuse", "{\"flow\":{\"kind\":\"text\"}}");
    send(socket, 3, "{\"flow\":\"c\"}");
    isStored(socket, 3);

    define("accept", FLOW);
    send(socket, 4, "{\"flow\":\"d\"}");
    isStored(socket, 4);

    define("refuse", FLOW);
    send(socket, 5, "{\"flow\":\"e\"}");
    isRefused(socket, 5);

    hub.delete("/api/v1/types/" + type);
    send(socket, 6, "{\"flow\":\"f\"}");
    isStored(socket, 6);
  }

  @Test
  void a_device_that_gets_another_type_is_checked_by_that() {
    define("refuse", FLOW);
    hub.define(type + "-2", "refuse", "{\"level\":{\"kind\":\"number\"}}");
    RawWebSocket socket = connect();
    send(socket, 1, "{\"flow\":1}");
    isStored(socket, 1);

    hub.patch(path(), "{\"type\":\"" + type + "-2\"}");
    send(socket, 2, "{\"flow\":1}");
    isRefused(socket, 2);
    send(socket, 3, "{\"level\":1}");
    isStored(socket, 3);

    hub.patch(path(), "{\"type\":null}");
    send(socket, 4, "{\"flow\":\"x\"}");
    isStored(socket, 4);
  }

  @Test
  void a_description_holds_for_the_readings_that_follow_it_at_once() {
    define("refuse", FLOW);
    RawWebSocket socket = connect();
    send(socket, 1, "{\"level\":1}");
    isRefused(socket, 1);

    socket.text(
        "{\"type\":\"describe\",\"description\":{\"metrics\":{\"level\":{\"kind\":\"number\"}}}}");
    send(socket, 2, "{\"level\":1}");
    send(socket, 3, "{\"level\":\"full\"}");

    List<String> got = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      got.add(RunningHub.json(socket.nextMessage()).path("type").asText());
    }
    assertThat(got).containsExactlyInAnyOrder("described", "ack", "error");
    assertThat(hub.latest(id).path("level").path("value").asInt()).isEqualTo(1);
  }

  @Test
  void messages_that_wait_for_the_type_keep_their_order() {
    RawWebSocket socket = connect();
    int messages = 400;
    int seq = 0;
    for (int round = 0; round < 4; round++) {
      define("refuse", FLOW.replace("number", round % 2 == 0 ? "number" : "text"));
      for (int i = 0; i < messages / 4; i++) {
        seq++;
        String value = i % 2 == 0 ? "" + seq : "\"" + seq + "\"";
        send(socket, seq, "{\"flow\":" + value + "}");
      }
    }

    send(socket, messages + 1, "{\"note\":1}");

    List<Long> refused = new ArrayList<>();
    long acknowledged = 0;
    while (acknowledged <= messages) {
      JsonNode frame = RunningHub.json(socket.nextMessage());
      long number = frame.path("seq").asLong();
      assertThat(number).as(frame.toString()).isGreaterThan(acknowledged);
      if (frame.path("type").asText().equals("error")) {
        assertThat(frame.path("code").asText()).isEqualTo("invalid-readings");
        refused.add(number);
      } else {
        acknowledged = number;
      }
    }
    assertThat(refused).isSorted().doesNotHaveDuplicates().hasSizeBetween(messages / 4, messages);
    JsonNode metrics = hub.get(path() + "/metrics").path("metrics");
    assertThat(metrics.at("/0/metric").asText()).isEqualTo("flow");
    assertThat(metrics.at("/0/count").asInt()).isEqualTo(messages - refused.size());
  }

  @Test
  void marked_readings_are_stored_and_shown_in_the_feed() {
    define("tag", FLOW);
    RawWebSocket all = feed("");
    RawWebSocket filtered = feed(",\"metrics\":[\"note\",\"extra\"]");
    RawWebSocket conflated = feed(",\"rate\":100");
    RawWebSocket socket = connect();

    send(socket, 1, "{\"note\":1,\"flow\":\"12\",\"extra\":1}");
    isStored(socket, 1);

    assertThat(misfits(event(all))).isEqualTo("[\"flow\",\"extra\"]");
    assertThat(misfits(event(filtered))).isEqualTo("[\"extra\"]");
    assertThat(misfits(event(conflated))).isEqualTo("[\"flow\",\"extra\"]");
    assertThat(hub.latest(id).path("flow").path("misfit").asText())
        .isEqualTo("must be a number, is the text \"12\"");

    send(socket, 2, "{\"note\":2,\"flow\":12}");
    isStored(socket, 2);
    assertThat(event(all).has("misfits")).isFalse();
    assertThat(event(filtered).has("misfits")).isFalse();
    assertThat(hub.latest(id).path("flow").has("misfit")).isFalse();
  }

  private static String misfits(JsonNode event) {
    return event.path("misfits").toString();
  }

  private RawWebSocket feed(String more) {
    RawWebSocket client = started(hub.openFeedSocket());
    client.text(
        "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"],\"devices\":[\""
            + id
            + "\"]"
            + more
            + "}");
    assertThat(client.nextMessage().text()).contains("subscribed");
    return client;
  }

  private static JsonNode event(RawWebSocket client) {
    JsonNode frame = RunningHub.json(client.nextMessage());
    JsonNode event = frame.isArray() ? frame.path(0) : frame;
    assertThat(event.path("type").asText()).as(frame.toString()).isEqualTo("telemetry");
    return event;
  }

  @Test
  void events_of_streams_and_polls_are_marked_as_well() {
    define("tag", FLOW);
    String cursor = hub.get("/api/v1/events/poll?topics=telemetry&wait=0").path("cursor").asText();
    RawWebSocket socket = connect();
    send(socket, 1, "{\"flow\":\"12\"}");
    isStored(socket, 1);

    String since = "/api/v1/events/poll?topics=telemetry&device=" + id + "&wait=0&cursor=" + cursor;
    await().until(() -> !hub.get(since).path("events").isEmpty());
    assertThat(hub.get(since).at("/events/0/misfits").toString()).isEqualTo("[\"flow\"]");
  }

  @Test
  void readings_that_do_not_fit_are_counted_by_outcome() {
    long tagged = counted("tagged");
    long refused = counted("refused");
    define("tag", FLOW);
    RawWebSocket socket = connect();
    send(socket, 1, "{\"flow\":\"a\",\"level\":1,\"note\":1}");
    isStored(socket, 1);
    define("refuse", FLOW);
    send(socket, 2, "{\"flow\":\"a\",\"note\":1}");
    isRefused(socket, 2);

    assertThat(counted("tagged")).isEqualTo(tagged + 2);
    assertThat(counted("refused")).isEqualTo(refused + 1);
  }

  private static long counted(String outcome) {
    String name = "signalbox_telemetry_readings_misfits_total{outcome=\"" + outcome + "\"} ";
    return hub.metrics()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
        .sum();
  }
}
