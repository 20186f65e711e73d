package io.signalbox.hub.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.socket.RawSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is desired of devices on a WebSocket, and what they report. */
class TwinDoorTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  // Devices that say nothing for long on a busy machine are not ended for it.
  @StartHub({"--gateway-heartbeat-seconds", "600"})
  private static RunningHub hub;

  private final List<RawSocket> opened = new ArrayList<>();
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
  void hangUp() {
    opened.forEach(RawSocket::close);
  }

  private RawSocket connect() {
    RawSocket socket = hub.device(key);
    opened.add(socket);
    return socket;
  }

  private JsonNode desire(String patch) {
    return hub.patch(twin + "/desired", patch);
  }

  private static void report(RawSocket socket, String patch) {
    socket.text("{\"type\":\"reported\",\"patch\":" + patch + "}");
  }

  private void awaitReported(long version) {
    await().until(() -> hub.get(twin).at("/reported/version").asLong() >= version);
  }

  private static String next(RawSocket socket) {
    return socket.nextMessage().text();
  }

  private static long version(String frame) {
    return Long.parseLong(frame.replaceAll("^.*?\"version\":(\\d+).*$", "$1"));
  }

  @Test
  void a_device_that_comes_back_is_told_what_is_desired_and_what_it_still_has_to_do() {
    RawSocket socket = connect();
    next(socket);
    report(socket, "{\"target\":21.0,\"mode\":\"eco\"}");
    awaitReported(1);
    socket.close();
    desire("{\"target\":21,\"fan\":{\"speed\":2}}");

    assertThat(next(connect()))
        .endsWith(
            "\"desired\":{\"version\":1,\"state\":{\"target\":21,\"fan\":{\"speed\":2}},"
                + "\"difference\":{\"fan\":{\"speed\":2}}}}");
  }

  @Test
  void one_that_is_connected_is_told_at_once_until_it_holds() {
    RawSocket socket = connect();
    assertThat(next(socket)).endsWith("\"desired\":{\"version\":0,\"state\":{}}}");

    desire("{\"target\":-0.0}");
    assertThat(next(socket))
        .isEqualTo(
            "{\"type\":\"desired\",\"version\":1,\"state\":{\"target\":-0.0},"
                + "\"difference\":{\"target\":-0.0}}");
    report(socket, "{\"target\":-0.0,\"far\":1e400}");
    awaitReported(1);
    desire("{\"far\":10e399}");
    assertThat(next(socket))
        .isEqualTo(
            "{\"type\":\"desired\",\"version\":2,\"state\":{\"target\":-0.0,\"far\":10e399}}");
  }

  @Test
  void what_a_device_reports_and_a_patch_that_changes_nothing_are_not_told_to_it() {
    RawSocket socket = connect();
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
  void of_patches_that_race_the_versions_on_the_wire_only_grow() {
    RawSocket socket = connect();
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
  void a_device_that_does_not_read_is_told_only_the_newest_when_it_does() {
    RawSocket socket = connect();
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
  void a_device_that_was_registered_again_hears_nothing_of_the_former() {
    desire("{\"target\":1}");
    hub.delete("/api/v1/devices/" + device);
    key = hub.register(device);

    assertThat(next(connect())).endsWith("\"desired\":{\"version\":0,\"state\":{}}}");
  }
}
