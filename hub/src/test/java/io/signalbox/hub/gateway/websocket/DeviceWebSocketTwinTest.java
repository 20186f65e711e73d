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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Desired and reported state of devices on a WebSocket. */
class DeviceWebSocketTwinTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  // A long heartbeat, so that idle devices are not disconnected on a busy machine.
  @StartHub({"--gateway-heartbeat-seconds", "600"})
  private static RunningHub hub;

  private final List<RawWebSocket> opened = new ArrayList<>();
  private String device = "";
  private String twin = "";
  private String key = "";

  @BeforeEach
  void register() {
    device = "dev-" + DEVICES.incrementAndGet();
    key = hub.register(device);
    twin = "/api/v1/devices/" + device + "/twin";
  }

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  private RawWebSocket connect() {
    RawWebSocket socket = hub.device(key);
    opened.add(socket);
    return socket;
  }

  private JsonNode desire(String patch) {
    return hub.patch(twin + "/desired", patch);
  }

  private static void report(RawWebSocket socket, String patch) {
    socket.text("{\"type\":\"reported\",\"patch\":" + patch + "}");
  }

  private void awaitReported(long version) {
    await().until(() -> hub.get(twin).at("/reported/version").asLong() >= version);
  }

  private static String next(RawWebSocket socket) {
    return socket.nextMessage().text();
  }

  private static long version(String frame) {
    return Long.parseLong(frame.replaceAll("^.*?\"version\":(\\d+).*$", "$1"));
  }

  @Test
  void a_reconnected_device_gets_the_desired_state_and_its_delta() {
    RawWebSocket socket = connect();
    next(socket);
    report(socket, "{\"target\":21.0,\"mode\":\"eco\"}");
    awaitReported(1);
    socket.close();
    desire("{\"target\":21,\"fan\":{\"speed\":2}}");

    assertThat(next(connect()))
        .endsWith(
            "\"desired\":{\"version\":1,\"state\":{\"target\":21,\"fan\":{\"speed\":2}},"
                + "\"delta\":{\"fan\":{\"speed\":2}}}}");
  }

  @Test
  void a_connected_device_gets_desired_changes_until_reported() {
    RawWebSocket socket = connect();
    assertThat(next(socket)).endsWith("\"desired\":{\"version\":0,\"state\":{}}}");

    desire("{\"target\":-0.0}");
    assertThat(next(socket))
        .isEqualTo(
            "{\"type\":\"desired\",\"version\":1,\"state\":{\"target\":-0.0},"
                + "\"delta\":{\"target\":-0.0}}");
    report(socket, "{\"target\":-0.0,\"far\":1e400}");
    awaitReported(1);
    desire("{\"far\":10e399}");
    assertThat(next(socket))
        .isEqualTo(
            "{\"type\":\"desired\",\"version\":2,\"state\":{\"target\":-0.0,\"far\":10e399}}");
  }

  @Test
  void reported_state_and_empty_patches_are_not_sent_back() {
    RawWebSocket socket = connect();
    next(socket);
    desire("{\"target\":1}");
    next(socket);
    report(socket, "{\"target\":1}");
    awaitReported(1);
    desire("{\"target\":1}");
    desire("{\"target\":2}");

    assertThat(version(next(socket))).isEqualTo(2);
  }

  @Test
  void versions_only_grow_on_the_wire_under_concurrent_patches() {
    RawWebSocket socket = connect();
    next(socket);

    IntStream.range(0, 100).parallel().forEach(i -> desire("{\"n" + i % 10 + "\":" + i + "}"));

    long last = 0;
    while (last < 100) {
      long version = version(next(socket));
      assertThat(version).isGreaterThan(last);
      last = version;
    }
  }

  @Test
  void a_device_that_resumes_reading_gets_only_the_newest_state() {
    RawWebSocket socket = connect();
    next(socket);
    String large = "x".repeat(30_000);
    int patches = 600;
    for (int i = 0; i < patches; i++) {
      desire("{\"large\":\"" + large + i + "\"}");
    }

    int frames = 0;
    long last = 0;
    while (last < patches) {
      long version = version(next(socket));
      assertThat(version).isGreaterThan(last);
      last = version;
      frames++;
    }
    assertThat(frames).isLessThan(patches);
  }

  @Test
  void a_device_registered_again_gets_no_events_of_its_predecessor() {
    desire("{\"target\":1}");
    hub.delete("/api/v1/devices/" + device);
    key = hub.register(device);

    assertThat(next(connect())).endsWith("\"desired\":{\"version\":0,\"state\":{}}}");
  }
}
