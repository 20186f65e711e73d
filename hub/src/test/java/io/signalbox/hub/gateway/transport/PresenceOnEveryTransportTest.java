package io.signalbox.hub.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Presence changes correctly and in the same time on every transport. */
@SuppressWarnings("NullAway.Init") // set before each test
class PresenceOnEveryTransportTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub({
    "--gateway-heartbeat-seconds",
    "1",
    "--fleet-poll-overdue-after",
    "1s",
    "--fleet-poll-offline-after",
    "2s",
    "--gateway-command-lease",
    "5s",
    "--polling-max-interval",
    "2s"
  })
  private static RunningHub hub;

  private String id;
  private String key;

  @BeforeEach
  void register() {
    id = "fan-" + DEVICES.incrementAndGet();
    key = hub.register(id);
  }

  private JsonNode presence() {
    return hub.get("/api/v1/devices/" + id + "/presence");
  }

  private void awaitState(String state) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> assertThat(presence().path("state").asText()).isEqualTo(state));
  }

  private String command() {
    String body = "{\"name\":\"spin\"}";
    return hub.post("/api/v1/devices/" + id + "/commands", body).path("id").asText();
  }

  private void awaitCommand(String command, String state) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> hub.get("/api/v1/commands/" + command).path("state").asText().equals(state));
  }

  private static String whileHere(DeviceTransport transport) {
    return switch (transport) {
      case WEBSOCKET, EVENT_STREAM, LONG_POLL -> "online";
      case SHORT_POLL, EXCHANGE -> "asleep";
    };
  }

  /**
   * Renews the contact of a polling device, which must poll by a deadline; does nothing for
   * connections.
   */
  private void contact(DeviceTransport transport, DeviceClient device) {
    if (!transport.isConnected()) {
      String command = command();
      assertThat(device.take(1)).containsExactly(command);
      device.succeed(command);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_vanished_device_is_detected(DeviceTransport transport) {
    try (StallingRelay relay = new StallingRelay(hub.port())) {
      DeviceClient device = transport.connect(relay.port(), key);
      contact(transport, device);
      awaitState(whileHere(transport));
      String command = command();
      assertThat(device.take(1)).containsExactly(command);

      relay.stall();

      awaitState("offline");
      awaitCommand(command, "queued");
      assertThat(presence().path("cause").asText()).isIn("silent", "overdue");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WEBSOCKET", "EVENT_STREAM"})
  void a_device_that_closes_its_connection_is_offline_at_once(DeviceTransport transport) {
    try (DeviceClient device = transport.connect(hub.port(), key)) {
      contact(transport, device);
      awaitState("online");
    }

    awaitState("offline");
    assertThat(presence().path("cause").asText()).isEqualTo("closed");
  }

  @Test
  void a_silent_stream_client_is_asked_to_reopen_and_stays_online() {
    try (SseDevice first = new SseDevice(hub.port(), key)) {
      String session = presence().path("session").asText();
      JsonNode end = RunningHub.json(first.next("end"));
      assertThat(end.path("code").asText()).isEqualTo("timeout");
      try (SseDevice again = new SseDevice(hub.port(), key)) {
        String command = command();
        assertThat(again.take(1)).containsExactly(command);
        JsonNode now = presence();
        assertThat(now.path("state").asText()).isEqualTo("online");
        assertThat(now.path("session").asText()).isEqualTo(session);
      }
    }
  }

  @Test
  void a_stream_client_that_sends_now_and_then_is_not_asked_to_reopen() {
    try (SseDevice device = new SseDevice(hub.port(), key)) {
      for (int beat = 0; beat < 6; beat++) {
        String command = command();
        assertThat(device.take(1)).containsExactly(command);
        device.succeed(command);
        device.beat();
      }
      assertThat(presence().path("state").asText()).isEqualTo("online");
    }
  }
}
