package io.signalbox.hub.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Command results of devices on a WebSocket, and the events that clients receive. */
class DeviceWebSocketCommandsTest {
  private static final String COMMANDS = "/api/v1/devices/pump-7/commands";

  @StartHub private RunningHub hub;
  private String key;

  @BeforeEach
  void register() {
    key = hub.register("pump-7");
  }

  @Test
  void an_oversized_result_is_refused_and_a_smaller_one_accepted() {
    try (RawWebSocket device = welcomed()) {
      String id = hub.post(COMMANDS, "{\"name\":\"read\"}").path("id").asText();
      assertThat(message(device).path("id").asText()).isEqualTo(id);

      device.text(result(id, "\"data\":\"" + "x".repeat(17 * 1024) + "\""));
      assertThat(message(device).path("code").asText()).isEqualTo("too-large");
      device.text(result(id, "\"error\":\"" + "x".repeat(5 * 1024) + "\""));
      assertThat(message(device).path("code").asText()).isEqualTo("invalid");
      assertThat(state(id)).isEqualTo("sent");

      device.text(result(id, "\"data\":\"" + "x".repeat(15 * 1024) + "\""));
      device.text("{\"type\":\"ping\"}");
      assertThat(message(device).path("type").asText()).isEqualTo("pong");
      assertThat(ended(id).path("state").asText()).isEqualTo("succeeded");
    }
  }

  @Test
  void results_of_foreign_or_finished_commands_are_refused() {
    String other = hub.register("fan-1");
    try (RawWebSocket device = welcomed();
        RawWebSocket stranger = hub.device(other)) {
      message(stranger);
      String id = hub.post(COMMANDS, "{\"name\":\"read\"}").path("id").asText();
      message(device);

      stranger.text(result(id, "\"data\":1"));
      assertThat(message(stranger).path("code").asText()).isEqualTo("unknown-command");
      device.text(result(id, "\"data\":2"));
      assertThat(ended(id).path("result").asInt()).isEqualTo(2);
      device.text(result(id, "\"data\":3"));
      assertThat(message(device).path("code").asText()).isEqualTo("command-finished");
      assertThat(ended(id).path("result").asInt()).isEqualTo(2);
    }
  }

  @Test
  void every_event_of_a_command_has_its_metadata() {
    try (RawWebSocket client = hub.openFeedSocket();
        RawWebSocket device = welcomed()) {
      client.text("{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"commands\"]}");
      heard(client, 1, "subscribed");
      String body = "{\"name\":\"read\",\"metadata\":{\"ticket\":17}}";
      String id = hub.post(COMMANDS, body).path("id").asText();
      message(device);
      device.text("{\"type\":\"result\",\"id\":\"%s\",\"status\":\"accepted\"}".formatted(id));
      device.text(result(id, "\"data\":null"));

      List<JsonNode> events = heard(client, 4, "command");
      assertThat(events).allMatch(event -> event.at("/command/metadata/ticket").asInt() == 17);
      assertThat(events)
          .extracting(event -> event.at("/command/state").asText())
          .containsExactly("queued", "sent", "accepted", "succeeded");
    }
  }

  private RawWebSocket welcomed() {
    RawWebSocket device = hub.device(key);
    assertThat(message(device).path("type").asText()).isEqualTo("welcome");
    return device;
  }

  private static JsonNode message(RawWebSocket socket) {
    return RunningHub.json(socket.nextMessage());
  }

  /** This many messages of a type; a frame may contain several. */
  private static List<JsonNode> heard(RawWebSocket client, int count, String type) {
    List<JsonNode> heard = new ArrayList<>();
    while (heard.size() < count) {
      JsonNode frame = message(client);
      (frame.isArray() ? frame : List.of(frame)).forEach(heard::add);
      heard.removeIf(message -> !message.path("type").asText().equals(type));
    }
    return heard;
  }

  private static String result(String id, String rest) {
    return "{\"type\":\"result\",\"id\":\"%s\",\"status\":\"succeeded\",%s}".formatted(id, rest);
  }

  private String state(String id) {
    return hub.get("/api/v1/commands/" + id).path("state").asText();
  }

  /** The finished command; its previous state is known. */
  private JsonNode ended(String id) {
    return hub.get("/api/v1/commands/" + id + "?wait=20&since=sent");
  }
}
