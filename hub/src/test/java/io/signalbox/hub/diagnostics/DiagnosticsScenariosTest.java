package io.signalbox.hub.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Explanations of typical situations, requested over HTTP. */
@SuppressWarnings("NullAway.Init") // set before each test
class DiagnosticsScenariosTest {
  private static final String PUMP = "/api/v1/devices/pump-7";

  private final List<RawWebSocket> opened = new ArrayList<>();
  @StartHub private RunningHub hub;
  private String key = "";

  @BeforeEach
  void register() {
    key = hub.register("pump-7");
  }

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  @Test
  void a_command_that_expired_because_the_device_was_away() {
    RawWebSocket socket = connect();
    socket.cut();
    await(PUMP + "/presence", presence -> presence.path("cause").asText().equals("lost"));
    String command = command("{\"name\":\"start\",\"params\":{},\"ttl\":1}");
    assertThat(summary("/api/v1/commands/" + command))
        .startsWith("Command 'start' has waited for ")
        .contains("pump-7 has been offline for ")
        .endsWith("the connection was lost without a closing handshake.");

    await("/api/v1/commands/" + command, made -> made.path("state").asText().equals("expired"));
    connect();

    JsonNode why = hub.get("/api/v1/commands/" + command + "/why");
    assertThat(why.path("summary").asText())
        .startsWith(
            "Command 'start' expired: its time to live (1 s) ended before it could be sent; pump-7"
                + " was offline from ");
    assertThat(why.path("reasons").findValuesAsText("code"))
        .containsExactly("never-delivered", "device-was-offline");
    assertThat(why.path("recent").findValuesAsText("kind")).contains("command", "disconnected");
  }

  @Test
  void a_command_that_was_requeued_because_of_a_takeover() {
    RawWebSocket first = connect();
    String command = command("{\"name\":\"start\",\"params\":{}}");
    first.nextMessage();
    RawWebSocket second = connect();
    second.nextMessage();

    JsonNode device = hub.get(PUMP + "/why");
    assertThat(device.path("reasons").findValuesAsText("code"))
        .containsExactly("online", "takeover", "commands-unanswered");
    assertThat(device.path("queue").path("sent").asInt()).isEqualTo(1);
    assertThat(summary("/api/v1/commands/" + command)).contains("has not answered");
  }

  @Test
  void a_disabled_device_that_tries_to_connect_repeatedly() {
    connect();
    hub.patch(PUMP, "{\"enabled\":false}");
    for (int i = 0; i < 3; i++) {
      connectInVain();
    }

    await(PUMP + "/why", why -> why.toString().contains("it tried to connect 3 times"));
    assertThat(summary(PUMP))
        .startsWith("pump-7 was disabled by admin ")
        .contains("cannot connect until it is enabled; pump-7 has been offline for ");
    String command = command("{\"name\":\"start\",\"params\":{}}");
    assertThat(summary("/api/v1/commands/" + command)).contains("pump-7 was disabled by admin");
  }

  @Test
  void a_device_that_was_connected_when_the_hub_stopped() {
    connect();
    String command = command("{\"name\":\"start\",\"params\":{}}");
    hub.restart();

    assertThat(summary(PUMP)).contains("the hub was stopping and closed the connection");
    assertThat(hub.get("/api/v1/commands/" + command + "/why").toString())
        .contains("it was sent once without an answer")
        .contains("the hub was stopping and closed the connection");
    assertThat(hub.get(PUMP + "/recorder?kind=disconnected").path("items").size()).isEqualTo(1);
  }

  @Test
  void a_result_that_was_sent_twice() {
    RawWebSocket socket = connect();
    String command = command("{\"name\":\"start\",\"params\":{}}");
    socket.nextMessage();
    String answer = "{\"type\":\"result\",\"id\":\"" + command + "\",\"status\":\"%s\"}";
    socket.text(answer.formatted("succeeded"));
    socket.text(answer.formatted("failed"));
    assertThat(RunningHub.json(socket.nextMessage()).path("code").asText())
        .isEqualTo("command-finished");

    await(
        "/api/v1/commands/" + command + "/why",
        why -> why.toString().contains("its answer 'failed' was refused"));
    assertThat(summary("/api/v1/commands/" + command))
        .isEqualTo("Command 'start' succeeded: pump-7 completed it.");
  }

  @Test
  void a_command_of_a_deleted_device() {
    String command = command("{\"name\":\"start\",\"params\":{}}");
    hub.delete(PUMP);

    assertThat(summary("/api/v1/commands/" + command))
        .isEqualTo("Command 'start' was cancelled: the device was deleted.");
    assertThat(hub.get(PUMP + "/why").path("code").asText()).isEqualTo("unknown-device");
  }

  private RawWebSocket connect() {
    RawWebSocket socket = hub.device(key);
    opened.add(socket);
    assertThat(RunningHub.json(socket.nextMessage()).path("type").asText()).isEqualTo("welcome");
    return socket;
  }

  private void connectInVain() {
    try (RawWebSocket socket = RawWebSocket.dial(hub.port())) {
      String head =
          socket.handshake(
              "/device/v1/stream",
              "Authorization: Bearer " + key,
              "Sec-WebSocket-Protocol: signalbox.v1.json");
      assertThat(head).startsWith("HTTP/1.1 403");
    }
  }

  private String command(String body) {
    return hub.post(PUMP + "/commands", body).path("id").asText();
  }

  private String summary(String path) {
    return hub.get(path + "/why").path("summary").asText();
  }

  private void await(String path, Predicate<JsonNode> so) {
    Awaitility.await().until(() -> hub.get(path), so);
  }
}
