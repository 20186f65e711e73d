package io.signalbox.hub.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands are delivered and redelivered in the same order on every transport. */
@SuppressWarnings("NullAway.Init") // set before each test
class DeliveryOnEveryTransportTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub private static RunningHub hub;

  private String id;
  private String key;

  @BeforeEach
  void register() {
    id = "pump-" + DEVICES.incrementAndGet();
    key = hub.register(id);
  }

  private static Stream<Arguments> pairs() {
    return Arrays.stream(DeviceTransport.values())
        .flatMap(
            before ->
                Arrays.stream(DeviceTransport.values()).map(after -> Arguments.of(before, after)));
  }

  private String command(String name) {
    String body = "{\"name\":\"" + name + "\"}";
    return hub.post("/api/v1/devices/" + id + "/commands", body).path("id").asText();
  }

  private void awaitState(String command, String state) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> hub.get("/api/v1/commands/" + command).path("state").asText().equals(state));
  }

  @ParameterizedTest
  @EnumSource
  void commands_are_delivered_in_order_of_creation(DeviceTransport transport) {
    try (DeviceClient device = transport.connect(hub.port(), key)) {
      List<String> made = List.of(command("a"), command("b"), command("c"));
      assertThat(device.take(3)).isEqualTo(made);
      made.forEach(device::succeed);
      made.forEach(each -> awaitState(each, "succeeded"));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void unanswered_commands_of_a_vanished_connection_are_redelivered_first(
      DeviceTransport before, DeviceTransport after) {
    try (StallingRelay relay = new StallingRelay(hub.port())) {
      DeviceClient vanished = before.connect(relay.port(), key);
      List<String> unanswered = List.of(command("a"), command("b"));
      assertThat(vanished.take(2)).isEqualTo(unanswered);
      relay.stall();
      String newer = command("c");
      if (before.isConnected()) {
        awaitState(newer, "sent");
      }

      try (DeviceClient device = after.connect(hub.port(), key)) {
        List<String> all = List.of(unanswered.getFirst(), unanswered.getLast(), newer);
        assertThat(device.take(3)).isEqualTo(all);
        all.forEach(device::succeed);
        all.forEach(each -> awaitState(each, "succeeded"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void unanswered_commands_of_a_closed_connection_are_redelivered_first(
      DeviceTransport before, DeviceTransport after) {
    List<String> unanswered;
    try (DeviceClient closed = before.connect(hub.port(), key)) {
      unanswered = List.of(command("a"), command("b"));
      assertThat(closed.take(2)).isEqualTo(unanswered);
    }
    String newer = command("c");

    try (DeviceClient device = after.connect(hub.port(), key)) {
      assertThat(device.take(3))
          .containsExactly(unanswered.getFirst(), unanswered.getLast(), newer);
    }
  }
}
