package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkBehaviourTest {
  private final TinyHub hub = new TinyHub();

  @AfterEach
  void close() {
    hub.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cbor"})
  void a_fleet_registers_sends_and_proves_its_readings(String encoding) {
    try (Run run =
        Run.against(
            hub,
            "--devices",
            "6",
            "--rate",
            "50",
            "--encoding",
            encoding,
            "--verify",
            "--duration",
            "1")) {
      assertThat(run.code()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once").contains("0 never acknowledged");
      assertThat(hub.series("sim-0001", "temperature")).hasSizeGreaterThan(20);
      assertThat(hub.series("sim-0002", "speed")).hasSizeGreaterThan(20);
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
    try (Run run =
        Run.against(
            hub, "--devices", "1", "--rate", "100", "--verify", "--verify-timeout", "0.5")) {
      run.until(() -> hub.frames.size() > 35);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once");
    }
  }

  @Test
  void after_a_lost_connection_what_was_not_acknowledged_comes_again_with_its_timestamps() {
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
    try (Run run =
        Run.against(hub, "--devices", "1", "--rate", "100", "--metrics", "1", "--verify")) {
      run.until(() -> hub.sessions.size() > 3);
      hub.onFrame(TinyHub::take);
      run.until(() -> telemetry.get() > 60);
      assertThat(run.end()).as(run::printed).isZero();
      List<Long> times = telemetryTimes();
      assertThat(times).hasSizeGreaterThan((int) times.stream().distinct().count());
      assertThat(hub.series("sim-0001", "temperature").keySet()).containsAll(times);
    }
  }

  private List<Long> telemetryTimes() {
    return hub.frames.stream()
        .filter(frame -> frame.path("type").asText().equals("telemetry"))
        .map(frame -> frame.path("ts").longValue())
        .toList();
  }
}
