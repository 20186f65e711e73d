package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.FakeHub.Session;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command execution and desired state with injected faults. */
class CommandBehaviourTest {
  private static final long FAR = 4_102_444_800_000L;

  private final FakeHub hub = new FakeHub();

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void a_delayed_answer_may_follow_accepted() {
    try (SimulationRun run = device("--command-delay", "300ms", "--command-faults", "accept=1")) {
      long given = System.nanoTime();
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").size() == 2);
      assertThat(statuses("c1")).containsExactly("accepted", "succeeded");
      assertThat(System.nanoTime() - given).isGreaterThan(290_000_000L);
    }
  }

  @Test
  void a_command_redelivered_before_its_answer_is_accepted_and_executed_once() {
    try (SimulationRun run = device("--command-delay", "500ms")) {
      give("c1", "identify", FAR);
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").size() == 2);
      assertThat(statuses("c1")).containsExactly("accepted", "succeeded");
      run.end();
      assertThat(run.printed()).contains("1 commands");
    }
  }

  @ParameterizedTest
  @CsvSource({"reject=1, rejected", "fail=100%, failed"})
  void an_executable_command_may_be_rejected_or_fail(String fault, String answer) {
    try (SimulationRun run = device("--command-faults", fault)) {
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").equals(List.of(answer)));
    }
  }

  @Test
  void a_silent_device_executes_once_and_never_answers() {
    try (SimulationRun run = device("--command-faults", "silent=1,accept=1")) {
      give("c1", "identify", FAR);
      give("c1", "identify", FAR);
      session().say("{\"type\":\"desired\",\"version\":1,\"state\":{\"target\":21}}");
      run.until(() -> frames("reported").size() == 1);
      assertThat(statuses("c1")).isEmpty();
      run.end();
      assertThat(run.printed()).contains("1 commands");
    }
  }

  @Test
  void a_result_can_be_sent_twice() {
    try (SimulationRun run = device("--command-faults", "duplicate=1")) {
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").equals(List.of("succeeded", "succeeded")));
    }
  }

  @Test
  void an_answer_lost_with_the_connection_is_sent_on_the_next() {
    try (SimulationRun run = device("--command-faults", "cut=1")) {
      give("c1", "identify", FAR);
      run.until(() -> hub.sessions.size() == 2 && statuses("c1").equals(List.of("succeeded")));
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").equals(List.of("succeeded", "succeeded")));
      assertThat(hub.sessions).hasSize(2);
    }
  }

  @Test
  void an_unconfirmed_result_is_repeated_after_a_lost_connection() {
    try (SimulationRun run = device()) {
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").size() == 1);
      session().cut();
      run.until(() -> statuses("c1").equals(List.of("succeeded", "succeeded")));
    }
  }

  @Test
  void a_device_without_state_executes_a_command_again() {
    try (SimulationRun run = device("--command-faults", "forget=1")) {
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").size() == 1);
      session().cut();
      run.until(() -> hub.sessions.size() == 2 && !frames("telemetry").isEmpty());
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").size() == 2);
      run.end();
      assertThat(run.printed()).contains("2 commands");
    }
  }

  @Test
  void an_expired_command_is_not_started() {
    try (SimulationRun run = device()) {
      give("c1", "identify", 1000);
      give("c2", "identify", FAR);
      run.until(() -> statuses("c2").size() == 1);
      run.end();
      assertThat(statuses("c1")).isEmpty();
      assertThat(run.printed()).contains("1 commands", "expired");
    }
  }

  @Test
  void a_deferred_answer_is_repeated() {
    List<String> refused = new ArrayList<>();
    hub.onFrame(
        (session, frame) -> {
          if (frame.path("type").asText().equals("result") && refused.isEmpty()) {
            refused.add(frame.path("id").asText());
            session.say("{\"type\":\"error\",\"code\":\"unavailable\",\"message\":\"disk full\"}");
          } else {
            FakeHub.take(session, frame);
          }
        });
    try (SimulationRun run = device()) {
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").equals(List.of("succeeded", "succeeded")));
    }
  }

  @Test
  void an_answer_to_an_ended_command_is_not_a_protocol_error() {
    hub.onFrame(
        (session, frame) -> {
          if (frame.path("type").asText().equals("result")) {
            session.say(
                "{\"type\":\"error\",\"code\":\"command-finished\",\"message\":\"expired\"}");
          } else {
            FakeHub.take(session, frame);
          }
        });
    try (SimulationRun run = device()) {
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").size() == 1 && hub.frames.size() > 20);
      run.end();
      assertThat(run.printed())
          .contains("1 results for ended commands")
          .doesNotContain("violated the protocol");
    }
  }

  @Test
  void known_desired_properties_are_applied_and_reported() {
    try (SimulationRun run = device()) {
      session()
          .say(
              "{\"type\":\"desired\",\"version\":3,\"state\":{\"target\":21.5,\"colour\":\"red\"},"
                  + "\"delta\":{\"target\":21.5}}");
      run.until(() -> frames("reported").size() == 1);
      assertThat(frames("reported").getFirst().path("patch")).hasToString("{\"target\":21.5}");
      session().say("{\"type\":\"desired\",\"version\":4,\"state\":{\"target\":99}}");
      run.until(() -> frames("reported").size() == 2);
      assertThat(frames("reported").getLast().path("patch")).hasToString("{\"target\":21.5}");
      session().say("{\"type\":\"desired\",\"version\":5,\"state\":{}}");
      give("c1", "identify", FAR);
      run.until(() -> statuses("c1").size() == 1);
      assertThat(frames("reported")).hasSize(2);
    }
  }

  @Test
  void a_desired_state_replaces_the_running_command() {
    try (SimulationRun run = device()) {
      session()
          .say(
              "{\"type\":\"command\",\"id\":\"c1\",\"name\":\"set-target\","
                  + "\"params\":{\"celsius\":5},\"expires\":4102444800000}");
      run.until(() -> statuses("c1").size() == 1);
      session().say("{\"type\":\"desired\",\"version\":1,\"state\":{\"target\":30}}");
      run.until(() -> statuses("c1").size() == 2);
      assertThat(statuses("c1")).containsExactly("accepted", "failed");
    }
  }

  private SimulationRun device(String... options) {
    List<String> line = new ArrayList<>(List.of("--devices", "1", "--model", "thermostat"));
    line.addAll(List.of("--rate", "20"));
    line.addAll(List.of(options));
    SimulationRun run = SimulationRun.against(hub, line.toArray(String[]::new));
    run.until(() -> !frames("telemetry").isEmpty());
    return run;
  }

  private Session session() {
    return hub.sessions.getLast();
  }

  private void give(String id, String name, long expires) {
    session()
        .say(
            "{\"type\":\"command\",\"id\":\"%s\",\"name\":\"%s\",\"params\":{},\"expires\":%d}"
                .formatted(id, name, expires));
  }

  private List<JsonNode> frames(String type) {
    return hub.frames.stream().filter(frame -> frame.path("type").asText().equals(type)).toList();
  }

  private List<String> statuses(String id) {
    return frames("result").stream()
        .filter(frame -> frame.path("id").asText().equals(id))
        .map(frame -> frame.path("status").asText())
        .toList();
  }
}
