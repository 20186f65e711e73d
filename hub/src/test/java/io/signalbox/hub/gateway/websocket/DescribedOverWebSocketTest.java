package io.signalbox.hub.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that describe themselves on a WebSocket. */
class DescribedOverWebSocketTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub({"--gateway-heartbeat-seconds", "600"})
  private static RunningHub hub;

  private final List<RawWebSocket> opened = new ArrayList<>();
  private String path = "";
  private String key = "";

  @BeforeEach
  void register() {
    String id = "valve-" + DEVICES.incrementAndGet();
    key = hub.register(id);
    path = "/api/v1/devices/" + id;
  }

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  private RawWebSocket connect() {
    RawWebSocket socket = hub.device(key);
    opened.add(socket);
    socket.nextMessage();
    return socket;
  }

  private static String describe(RawWebSocket socket, String description) {
    socket.text("{\"type\":\"describe\",\"description\":" + description + "}");
    return socket.nextMessage().text();
  }

  @Test
  void a_description_is_acknowledged_with_its_version() {
    RawWebSocket socket = connect();

    assertThat(describe(socket, "{\"firmware\":\"1\"}"))
        .isEqualTo("{\"type\":\"described\",\"version\":1}");
    assertThat(describe(socket, "{\"firmware\":\"2\"}"))
        .isEqualTo("{\"type\":\"described\",\"version\":2}");
    assertThat(describe(connect(), "{\"firmware\":\"2\"}"))
        .isEqualTo("{\"type\":\"described\",\"version\":2}");
    assertThat(hub.get(path + "/description").path("firmware").asText()).isEqualTo("2");
  }

  @Test
  void descriptions_apply_in_the_order_in_which_they_were_sent() {
    RawWebSocket socket = connect();
    for (int i = 1; i <= 30; i++) {
      socket.text("{\"type\":\"describe\",\"description\":{\"firmware\":\"" + i + "\"}}");
    }
    for (int i = 1; i <= 30; i++) {
      assertThat(socket.nextMessage().text()).endsWith("\"version\":" + i + "}");
    }
    assertThat(hub.get(path + "/description").path("firmware").asText()).isEqualTo("30");
  }

  @Test
  void a_refusal_lists_every_fault_and_the_connection_goes_on() {
    RawWebSocket socket = connect();

    String error =
        describe(
            socket, "{\"vendor\":1,\"commands\":{\"open\":{\"params\":{\"$ref\":\"http://x\"}}}}");

    assertThat(error)
        .startsWith("{\"type\":\"error\",\"code\":\"invalid\",\"message\":\"the description: ")
        .contains("\"errors\":[", "\"pointer\":\"/vendor\"", "/commands/open/params/$ref");
    socket.text("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"flow\":2}}");
    assertThat(socket.nextMessage().text()).isEqualTo("{\"type\":\"ack\",\"seq\":1}");
  }

  @Test
  void units_of_senml_are_in_the_history() {
    RawWebSocket socket = connect();
    socket.text(
        "{\"type\":\"telemetry\",\"seq\":1,\"senml\":[{\"n\":\"flow\",\"u\":\"m3/s\",\"v\":1}]}");
    assertThat(socket.nextMessage().text()).isEqualTo("{\"type\":\"ack\",\"seq\":1}");

    String history = path + "/telemetry?metric=flow";
    await().until(() -> hub.get(history).path("unit").asText().equals("m3/s"));
  }

  @Test
  void a_description_is_an_event_of_the_device() {
    JsonNode before = hub.get("/api/v1/events/poll?topics=presence&wait=0");
    RawWebSocket socket = connect();
    describe(socket, "{\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}");
    describe(socket, "{\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}");
    describe(socket, "{}");

    String since = "/api/v1/events/poll?topics=presence&cursor=" + before.path("cursor").asText();
    await().until(() -> hub.get(since).path("events").findValues("change").size() >= 2);
    String id = path.substring(path.lastIndexOf('/') + 1);
    assertThat(hub.get(since).path("events"))
        .filteredOn(event -> event.has("change"))
        .extracting(event -> event.path("device").asText() + " " + event.path("change").asText())
        .containsExactly(id + " described", id + " described");
  }
}
