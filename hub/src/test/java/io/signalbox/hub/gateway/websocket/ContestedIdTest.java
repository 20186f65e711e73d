package io.signalbox.hub.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two devices with the same key, on real WebSockets. */
class ContestedIdTest {
  @StartHub private static RunningHub hub;

  private final List<RawWebSocket> opened = new ArrayList<>();

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  private RawWebSocket connect(String key) {
    RawWebSocket socket = hub.device(key);
    opened.add(socket);
    assertThat(RunningHub.json(socket.nextMessage()).path("type").asText()).isEqualTo("welcome");
    return socket;
  }

  /** Reads the close frame of a takeover, and answers it like any client. */
  private static String replaced(RawWebSocket socket) {
    RawWebSocket.Frame close = socket.untilClosed().getLast();
    assertThat(close.closeCode()).isEqualTo(4409);
    socket.frame(0x88, close.payload());
    assertThat(socket.isEnded()).isTrue();
    return close.closeReason();
  }

  private static JsonNode flapping(String device) {
    return hub.get("/api/v1/devices/" + device + "/presence").path("flapping");
  }

  private RawWebSocket fight(String device, String key) {
    RawWebSocket holder = connect(key);
    for (int i = 0; i < 3; i++) {
      RawWebSocket next = connect(key);
      assertThat(replaced(holder)).isEqualTo("replaced by " + addressOf(device));
      holder = next;
    }
    await().until(() -> !flapping(device).isMissingNode());
    return holder;
  }

  private static String addressOf(String device) {
    return hub.get("/api/v1/devices/" + device + "/presence").path("address").asText();
  }

  @Test
  void both_addresses_are_reported_and_the_next_connection_is_refused_with_a_wait_time() {
    String key = hub.register("fought-for");
    fight("fought-for", key);

    JsonNode flapping = flapping("fought-for");
    assertThat(flapping.path("kind").asText()).isEqualTo("contested");
    assertThat(flapping.path("addresses")).hasSize(2);
    assertThat(flapping.path("addresses").path(0).asText()).isEqualTo(addressOf("fought-for"));
    RawWebSocket refused = RawWebSocket.dial(hub.port());
    opened.add(refused);
    String head = claim(refused, key);
    assertThat(head).startsWith("HTTP/1.1 429 ").containsIgnoringCase("retry-after: 1\r\n");
    assertThat(refused.body(contentLength(head)))
        .contains("\"code\":\"rate-limited\",\"retryAfter\":1}")
        .contains("device fought-for is held by " + addressOf("fought-for"));
  }

  @Test
  void a_device_that_waits_is_admitted_and_the_loser_gets_the_wait_time() {
    String key = hub.register("waited-for");
    RawWebSocket holder = fight("waited-for", key);

    await().until(() -> claim(dialed(), key).startsWith("HTTP/1.1 101 "));

    assertThat(replaced(holder))
        .startsWith("replaced by 127.0.0.1:")
        .endsWith("; two connections compete for this id; Retry-After: 2");
  }

  private RawWebSocket dialed() {
    RawWebSocket socket = RawWebSocket.dial(hub.port());
    opened.add(socket);
    return socket;
  }

  private static String claim(RawWebSocket socket, String key) {
    return socket.handshake(
        "/device/v1/stream",
        "Authorization: Bearer " + key,
        "Sec-WebSocket-Protocol: signalbox.v1.json");
  }

  private static int contentLength(String head) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
        .map(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElseThrow();
  }
}
