package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.testsupport.NetworkNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A peer that disappears without closing its connection is detected on plain HTTP too. (A WebSocket
 * has its own heartbeat.)
 */
class VanishedPeersTest {
  private static final String ADMIN_KEY = RunningHub.ADMIN_KEY;
  private static final String DEVICE_KEY = "a-key-of-at-least-24-characters-";
  private static final Pattern WAITING =
      Pattern.compile(
          "(?m)^signalbox_(gateway_held_requests|feed_clients\\{transport=\"(?:poll|sse)\"})"
              + " ([0-9.]+)$");

  /** Far below the kernel's default of 15 minutes, and below the time that a poll is held. */
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private final List<Process> clients = new ArrayList<>();
  private NetworkNamespaces network;
  private int port;

  @BeforeEach
  void open() {
    network = NetworkNamespaces.make();
  }

  @AfterEach
  void close() {
    clients.forEach(Process::destroyForcibly);
    network.close();
  }

  /** A hub with a heartbeat of 1 s, with a command prefix that may set JVM options. */
  private HubProcess start(String... options) throws Exception {
    HubProcess hub =
        HubProcess.start(
            folder,
            network.inFirst(),
            Map.of("SIGNALBOX_ADMIN_KEY", ADMIN_KEY, "JDK_JAVA_OPTIONS", String.join(" ", options)),
            "--host=0.0.0.0",
            "--http-port=0",
            "--log-level=debug",
            "--gateway-heartbeat-seconds=1",
            "--feed-heartbeat-seconds=1");
    String address = hub.address();
    port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    for (int device = 1; device <= 2; device++) {
      register("{'id':'pump-%d','key':'%s%d'}".formatted(device, DEVICE_KEY, device));
    }
    return hub;
  }

  private void register(String device) throws IOException {
    String json = device.replace('\'', '"');
    String headers =
        "Content-Type: application/json\r\nContent-Length: %d\r\n".formatted(json.length());
    assertThat(ask("POST /api/v1/devices", headers, json)).startsWith("HTTP/1.1 201 ");
  }

  private String ask(String line, String headers, String body) throws IOException {
    return network.http(port, head(line, ADMIN_KEY, headers), body);
  }

  /** Connects from the other end of the link and reads the response. */
  private void connect(String line, String key, String headers) throws IOException {
    clients.add(
        network.begin(
            "exec 3<>/dev/tcp/%s/%d; printf '%%s\\r\\n' '%s' >&3; exec cat <&3 >/dev/null"
                .formatted(NetworkNamespaces.ADDRESS, port, head(line, key, headers))));
  }

  private static String head(String line, String key, String headers) {
    return line + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + key + "\r\n" + headers;
  }

  /** The hub's number of held connections, by metric. */
  private String waiting() throws IOException {
    Matcher line = WAITING.matcher(ask("GET /metrics", "", ""));
    List<String> found = new ArrayList<>();
    while (line.find()) {
      found.add(line.group(1) + " " + (int) Double.parseDouble(line.group(2)));
    }
    return String.join(", ", found.stream().sorted().toList());
  }

  private static String held(int devices, int polls, int streams) {
    return ("feed_clients{transport=\"poll\"} %d, feed_clients{transport=\"sse\"} %d,"
            + " gateway_held_requests %d")
        .formatted(polls, streams, devices);
  }

  private void connectAll() throws IOException {
    connect("GET /device/v1/commands?wait=60", DEVICE_KEY + 1, "");
    connect("GET /device/v1/commands", DEVICE_KEY + 2, "Accept: text/event-stream\r\n");
    connect("GET /api/v1/events/poll?topics=commands&wait=60", ADMIN_KEY, "");
    connect("GET /api/v1/events?topics=commands", ADMIN_KEY, "");
  }

  private void await(Callable<String> what, String expected) {
    Awaitility.await()
        .atMost(DEADLINE)
        .untilAsserted(() -> assertThat(what.call()).isEqualTo(expected));
  }

  @Test
  void every_kind_of_connection_to_a_peer_that_vanishes_is_noticed() throws Exception {
    try (HubProcess hub = start()) {
      assertThat(hub.complained()).doesNotContain("using NIO");
      connectAll();
      await(this::waiting, held(2, 1, 1));

      network.pullCable();

      await(this::waiting, held(0, 0, 0));
    }
  }

  @Test
  void without_the_native_transport_idle_vanished_peers_are_detected() throws Exception {
    try (HubProcess hub = start("-Dio.netty.transport.noNative=true")) {
      assertThat(hub.complained()).contains("using NIO");
      connect("GET /device/v1/commands?wait=60", DEVICE_KEY + 1, "");
      connect("GET /api/v1/events/poll?topics=commands&wait=60", ADMIN_KEY, "");
      await(this::waiting, held(1, 1, 0));

      network.pullCable();

      await(this::waiting, held(0, 0, 0));
    }
  }
}
