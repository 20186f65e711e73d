package io.signalbox.hub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signalbox.hub.http.netty.TcpPeerTimeouts;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that stay connected but do not acknowledge what is written to them. */
class UnacknowledgedPeersTest {
  private static final Pattern COUNTED =
      Pattern.compile("(?m)^signalbox_http_peer_timeouts_total (\\S+)$");

  /** Far more than the kernel buffers for a peer that does not read. */
  private static final int MESSAGES = 8;

  private static final int METRICS = 200;
  private static final int TEXT = 4_000;

  @BeforeAll
  static void needTcpUserTimeout() {
    assumeTrue(TcpPeerTimeouts.coverWrittenBytes(), "only Netty's epoll transport ends them");
  }

  /** A client with a very small receive buffer. */
  private static Socket connect(RunningHub hub, String request) throws IOException {
    Socket client = new Socket();
    client.setReceiveBufferSize(1_024);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), hub.port()));
    client.getOutputStream().write((request + "\r\n\r\n").getBytes(ISO_8859_1));
    return client;
  }

  private static String get(String path, String key, String... headers) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
        + key
        + IntStream.range(0, headers.length)
            .mapToObj(i -> "\r\n" + headers[i])
            .collect(Collectors.joining());
  }

  private static void report(RunningHub hub, String device) {
    RawWebSocket connected = hub.device(hub.register(device));
    connected.next();
    String values =
        IntStream.range(0, METRICS)
            .mapToObj(i -> "\"m%d\":\"%s\"".formatted(i, "x".repeat(TEXT)))
            .collect(Collectors.joining(","));
    for (int i = 1; i <= MESSAGES; i++) {
      connected.text("{\"type\":\"telemetry\",\"seq\":%d,\"values\":{%s}}".formatted(i, values));
    }
  }

  private static double counted(RunningHub hub) {
    return COUNTED
        .matcher(hub.metrics())
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }

  private static boolean isViewed(RunningHub hub, String way) {
    return !hub.metrics().contains("signalbox_feed_clients{transport=\"" + way + "\"} 0.0");
  }

  @Test
  void a_feed_client_that_reads_nothing_is_closed_after_the_heartbeat_and_counted(
      @StartHub({"--feed-heartbeat-seconds", "1"}) RunningHub hub) throws IOException {
    try (Socket client = connect(hub, get("/api/v1/events", RunningHub.ADMIN_KEY))) {
      await().until(() -> isViewed(hub, "sse"));

      report(hub, "pump-7");

      await().until(() -> counted(hub) == 1);
      await().until(() -> !isViewed(hub, "sse"));
      assertThat(client.isClosed()).isFalse();
    }
  }

  @Test
  void a_feed_client_with_a_longer_heartbeat_than_devices_gets_its_full_time(
      @StartHub({"--gateway-heartbeat-seconds", "1", "--feed-heartbeat-seconds", "3600"})
          RunningHub hub)
      throws IOException {
    try (Socket client = connect(hub, get("/api/v1/events", RunningHub.ADMIN_KEY));
        Socket device =
            connect(
                hub,
                get("/device/v1/commands", hub.register("valve"), "Accept: text/event-stream"))) {
      await().until(() -> isViewed(hub, "sse"));
      report(hub, "pump-7");
      for (int i = 0; i < 8; i++) {
        String params = "{\"text\":\"%s\"}".formatted("x".repeat(TEXT));
        hub.post("/api/v1/devices/valve/commands", "{\"name\":\"n\",\"params\":" + params + "}");
      }

      await().until(() -> counted(hub) == 1);

      await()
          .untilAsserted(
              () ->
                  assertThat(hub.get("/api/v1/devices/valve/presence").path("cause").asText())
                      .isEqualTo("silent"));
      assertThat(isViewed(hub, "sse")).isTrue();
      assertThat(client.isClosed() || device.isClosed()).isFalse();
    }
  }

  @Test
  void unacknowledged_data_closes_a_websocket_as_silence_does(@TempDir Path folder)
      throws Exception {
    try (RunningHub hub = RunningHub.start(folder, "--feed-heartbeat-seconds", "1")) {
      String upgrade =
          get(
              "/api/v1/stream",
              RunningHub.ADMIN_KEY,
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      try (Socket client = connect(hub, upgrade)) {
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
          head += (char) client.getInputStream().read();
        }
        assertThat(head).startsWith("HTTP/1.1 101 ");
        String subscribe = "{\"type\":\"subscribe\",\"id\":1}";
        client.getOutputStream().write(RawWebSocket.masked(0x81, subscribe.getBytes(ISO_8859_1)));
        await().until(() -> isViewed(hub, "websocket"));

        report(hub, "pump-7");

        await().until(() -> counted(hub) == 1);
        await().until(() -> !isViewed(hub, "websocket"));
      }
    }
  }
}
