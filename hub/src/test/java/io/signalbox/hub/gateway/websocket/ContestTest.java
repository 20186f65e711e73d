package io.signalbox.hub.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.socket.RawSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two devices with one key, on real sockets. */
class ContestTest {
  @StartHub private static RunningHub hub;

  private final List<RawSocket> opened = new ArrayList<>();

  @AfterEach
  void hangUp() {
    opened.forEach(RawSocket::close);
  }

  private RawSocket connect(String key) {
    RawSocket socket = hub.device(key);
    opened.add(socket);
    assertThat(RunningHub.json(socket.nextMessage()).path("type").asText()).isEqualTo("welcome");
    return socket;
  }

  /** Reads that another has taken its place, and answers as every client does. */
  private static String replaced(RawSocket socket) {
    RawSocket.Frame close = socket.untilClosed().getLast();
    assertThat(close.closeCode()).isEqualTo(4409);
    socket.frame(0x88, close.payload());
    assertThat(socket.isEnded()).isTrue();
    return close.closeReason();
  }

  private static JsonNode flapping(String device) {
    return hub.get("/api/v1/devices/" + device + "/presence").path("flapping");
  }

  private RawSocket fight(String device, String key) {
    RawSocket holder = connect(key);
    for (int i = 0; i < 3; i++) {
      RawSocket next = connect(key);
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
  void both_are_named_and_the_next_claim_is_refused_with_the_time_to_wait() {
    String key = hub.register("fought-for");
    fight("fought-for", key);

    JsonNode flapping = flapping("fought-for");
    assertThat(flapping.path("kind").asText()).isEqualTo("contested");
    assertThat(flapping.path("addresses")).hasSize(2);
    assertThat(flapping.path("addresses").path(0).asText()).isEqualTo(addressOf("fought-for"));
    RawSocket refused = RawSocket.dial(hub.port());
    opened.add(refused);
    String head = claim(refused, key);
    assertThat(head).startsWith("HTTP/1.1 429 ").containsIgnoringCase("retry-after: 1\r\n");
    assertThat(refused.body(contentLength(head)))
        .contains("\"code\":\"too-fast\",\"retryAfter\":1}")
        .contains("device fought-for is held by " + addressOf("fought-for"));
  }

  @Test
  void who_waits_is_let_in_and_the_loser_is_told_how_long_it_will_be() {
    String key = hub.register("waited-for");
    RawSocket holder = fight("waited-for", key);

    await().until(() -> claim(dialed(), key).startsWith("HTTP/1.1 101 "));

    assertThat(replaced(holder))
        .startsWith("replaced by 127.0.0.1:")
        .endsWith("; two connections fight for this id; Retry-After: 2");
  }

  private RawSocket dialed() {
    RawSocket socket = RawSocket.dial(hub.port());
    opened.add(socket);
    return socket;
  }

  private static String claim(RawSocket socket, String key) {
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
