package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkBehaviourTest {
  private final FakeHub hub = new FakeHub();

  @AfterEach
  void close() {
    hub.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cbor"})
  void a_fleet_registers_sends_and_verifies_its_readings(String encoding) {
    try (SimulationRun run =
        SimulationRun.against(
            hub, "--devices", "6", "--rate", "50", "--encoding", encoding, "--verify")) {
      run.until(
          () ->
              hub.series("sim-0001", "temperature").size() > 20
                  && hub.series("sim-0002", "speed").size() > 20);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once").contains("0 never acknowledged");
    }
  }

  @Test
  void a_silent_operator_stream_is_reopened() {
    try (SimulationRun run = SimulationRun.against(hub, "--devices", "1", "--feed-latency")) {
      run.until(() -> hub.streams() == 1);
      hub.stallStreams();
      run.until(() -> hub.streams() == 2);
    }
  }

  @Test
  void one_acknowledgement_may_cover_many_messages() {
    hub.onFrame(
        (session, frame) -> {
          session.store(frame);
          long seq = frame.path("seq").longValue();
          if (seq % 10 == 0) {
            session.ack(seq);
          }
        });
    try (SimulationRun run =
        SimulationRun.against(
            hub, "--devices", "1", "--rate", "100", "--verify", "--verify-timeout", "0.5")) {
      run.until(() -> hub.frames.size() > 35);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once");
    }
  }

  @Test
  void unacknowledged_messages_are_repeated_with_their_timestamps_after_a_lost_connection() {
    AtomicInteger telemetry = new AtomicInteger();
    hub.onFrame(
        (session, frame) -> {
          session.store(frame);
          if (telemetry.incrementAndGet() % 20 == 0) {
            session.cut();
          } else if (telemetry.get() % 3 == 0) {
            session.ack(session.seq);
          }
        });
    try (SimulationRun run =
        SimulationRun.against(
            hub, "--devices", "1", "--rate", "100", "--metrics", "1", "--verify")) {
      run.until(() -> hub.sessions.size() > 3);
      hub.onFrame(FakeHub::take);
      int before = hub.frames.size();
      run.until(() -> hub.frames.size() > before + 20);
      assertThat(run.end()).as(run::printed).isZero();
      List<Long> times = telemetryTimes();
      assertThat(times).hasSizeGreaterThan((int) times.stream().distinct().count());
      assertThat(hub.series("sim-0001", "temperature").keySet()).containsAll(times);
    }
  }

  @Test
  void a_deferred_message_is_repeated_with_a_new_seq() {
    AtomicInteger refused = new AtomicInteger();
    hub.onFrame(
        (session, frame) -> {
          if (refused.incrementAndGet() <= 5) {
            session.refuse("unavailable", frame);
          } else {
            FakeHub.take(session, frame);
          }
        });
    try (SimulationRun run =
        SimulationRun.against(hub, "--devices", "1", "--rate", "50", "--verify")) {
      run.until(() -> hub.series("sim-0001", "temperature").size() > 20);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("5 deferred by the hub", "0 refused", "exactly once");
    }
  }

  @Test
  void a_device_sends_one_message_at_a_time_while_the_hub_defers() {
    hub.onFrame((session, frame) -> session.refuse("unavailable", frame));
    try (SimulationRun run =
        SimulationRun.against(hub, "--devices", "1", "--rate", "500", "--verify")) {
      run.until(() -> hub.frames.size() > 3 && run.unacked() > 1000);
      assertThat(hub.frames).hasSizeLessThan(50);
      hub.onFrame(FakeHub::take);
      run.until(() -> run.acked() > 1000);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void a_refused_message_is_counted_and_not_repeated() {
    hub.onFrame(
        (session, frame) -> {
          if (frame.path("seq").longValue() == 3) {
            session.refuse("invalid", frame);
          } else {
            FakeHub.take(session, frame);
          }
        });
    try (SimulationRun run =
        SimulationRun.against(
            hub, "--devices", "1", "--rate", "50", "--metrics", "1", "--verify")) {
      run.until(() -> hub.series("sim-0001", "temperature").size() > 5);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("1 refused", "invalid", "exactly once");
      assertThat(telemetryTimes()).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4401, 4409})
  void a_device_obeys_retry_after(int code) {
    hub.onFrame((session, frame) -> session.close(code, "as requested"));
    try (SimulationRun run = SimulationRun.against(hub, "--devices", "1", "--rate", "50")) {
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.printed()).contains("1 devices stopped");
      assertThat(hub.sessions).hasSize(1);
    }
  }

  @Test
  void a_device_possibly_replaced_by_its_own_unanswered_attempt_reconnects() {
    try (SimulationRun run = SimulationRun.against(hub, "--devices", "1", "--rate", "50")) {
      run.until(() -> hub.sessions.size() == 1);
      hub.dropHandshakes(1);
      hub.sessions.getFirst().cut();
      run.until(() -> hub.sessions.size() == 2);

      hub.sessions.getLast().close(4409, "replaced by 127.0.0.1");

      run.until(() -> hub.sessions.size() == 3);
    }
  }

  @Test
  void devices_reconnect_after_a_hub_restart() {
    hub.onFrame((session, frame) -> session.close(1001, "draining; Retry-After: 0"));
    try (SimulationRun run =
        SimulationRun.against(hub, "--devices", "2", "--rate", "50", "--verify")) {
      run.until(() -> hub.sessions.size() > 3);
      hub.onFrame(FakeHub::take);
      run.until(() -> hub.series("sim-0002", "speed").size() > 20);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void a_rejected_connection_attempt_is_retried() {
    hub.rejectHandshakes(503);
    try (SimulationRun run = SimulationRun.against(hub, "--devices", "1", "--rate", "50")) {
      run.until(() -> hub.handshakes() > 2);
      hub.rejectHandshakes(0);
      run.until(() -> hub.series("sim-0001", "temperature").size() > 2);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void an_idle_device_sends_pings() {
    hub.heartbeat(1);
    try (SimulationRun run = SimulationRun.against(hub, "--devices", "1", "--rate", "0.01")) {
      run.until(() -> hub.frames.stream().anyMatch(frame -> type(frame).equals("ping")));
    }
  }

  @Test
  void a_silent_hub_is_reconnected() {
    hub.heartbeat(1);
    hub.onFrame((session, frame) -> {});
    try (SimulationRun run = SimulationRun.against(hub, "--devices", "1", "--rate", "1")) {
      run.until(() -> hub.sessions.size() > 1);
    }
  }

  @Test
  void a_full_window_pauses_the_device() {
    hub.onFrame((session, frame) -> session.store(frame));
    try (SimulationRun run =
        SimulationRun.against(
            hub,
            "--devices",
            "1",
            "--rate",
            "500",
            "--metrics",
            "1",
            "--window",
            "7",
            "--verify-timeout",
            "0.2")) {
      run.until(() -> hub.frames.size() == 7);
      assertThat(run.end()).isEqualTo(1);
      assertThat(run.printed()).contains("7 sent, 0 acknowledged", "7 never acknowledged");
    }
  }

  @Test
  void a_full_window_can_drop_the_oldest_message() {
    hub.onFrame((session, frame) -> session.store(frame));
    try (SimulationRun run =
        SimulationRun.against(
            hub,
            "--devices",
            "1",
            "--rate",
            "500",
            "--metrics",
            "1",
            "--window",
            "7",
            "--when-full",
            "drop",
            "--verify-timeout",
            "0.2")) {
      run.until(() -> hub.frames.size() > 50);
      run.end();
      assertThat(run.printed()).contains("because the window was full");
    }
  }

  @Test
  void cut_connections_and_duplicate_messages_neither_lose_nor_duplicate_readings() {
    try (SimulationRun run =
        SimulationRun.against(
            hub,
            "--devices",
            "4",
            "--rate",
            "100",
            "--verify",
            "--duration",
            "3",
            "--faults",
            "cut=0.01,duplicate=0.1")) {
      assertThat(run.code()).as(run::printed).isZero();
      assertThat(hub.sessions).hasSizeGreaterThan(4);
    }
  }

  private List<Long> telemetryTimes() {
    return hub.frames.stream()
        .filter(frame -> type(frame).equals("telemetry"))
        .map(frame -> frame.path("ts").longValue())
        .toList();
  }

  private static String type(JsonNode frame) {
    return frame.path("type").asText();
  }
}
