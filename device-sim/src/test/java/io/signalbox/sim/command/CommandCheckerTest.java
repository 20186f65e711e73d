package io.signalbox.sim.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.sim.model.CommandRequest;
import io.signalbox.sim.report.ExecutionLog;
import io.signalbox.sim.report.ExecutionLog.Execution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Correct and incorrect command records. */
class CommandCheckerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "0199aaaa-0000-7000-8000-000000000001";
  private static final long NOW = 1_764_000_000_000L;

  private final IssuedCommands issuedCommands = new IssuedCommands("run", true);
  private final IssuedCommand issued =
      issuedCommands.enter(
          "pump-1", new CommandRequest("set-speed", Map.of("rpm", 1200)), Duration.ofMinutes(1), 0);
  private final ExecutionLog executions = new ExecutionLog();

  @Test
  void a_result_sent_by_the_device_passes() {
    done("succeeded", Map.of("rpm", 1200.0), "");
    JsonNode hub = hub("queued", "sent", "accepted", "succeeded");
    ((ObjectNode) hub).putObject("result").put("rpm", 1200.0);
    assertThat(faults(hub)).isEmpty();
  }

  @Test
  void a_result_without_execution_fails() {
    assertThat(faults(hub("queued", "sent", "succeeded")))
        .containsExactly("the hub has state succeeded, but the device never started it");
    executions.begun(ID, NOW);
    assertThat(faults(hub("queued", "sent", "succeeded")))
        .containsExactly("the hub has state succeeded, but the device sent nothing");
  }

  @Test
  void a_result_that_differs_from_the_device_fails() {
    done("failed", Map.of(), "the valve is stuck");
    assertThat(faults(hub("queued", "sent", "succeeded")))
        .containsExactly(
            "the hub has state succeeded, but the device sent failed (the valve is stuck)");
    ObjectNode hub = hub("queued", "sent", "failed");
    assertThat(faults(hub)).hasSize(1);
    assertThat(faults(hub.put("error", "the valve is stuck"))).isEmpty();
    hub.putObject("result").put("rpm", 3);
    assertThat(faults(hub)).hasSize(1);
  }

  @Test
  void a_failure_set_by_the_hub_needs_no_answer() {
    ObjectNode hub = hub("queued", "sent", "failed");
    ((ObjectNode) hub.path("timeline").path(2)).remove("by");
    assertThat(faults(hub)).isEmpty();
  }

  @Test
  void a_command_never_sent_cannot_have_started() {
    assertThat(faults(hub("queued", "expired"))).isEmpty();
    assertThat(faults(hub("queued", "cancelled"))).isEmpty();
    executions.begun(ID, NOW);
    assertThat(faults(hub("queued", "expired")))
        .containsExactly("the hub has state expired and never sent it, but the device started it");
    assertThat(faults(hub("queued", "cancelled"))).hasSize(1);
    assertThat(faults(hub("queued", "superseded"))).hasSize(1);
  }

  @Test
  void a_sent_command_without_answer_may_have_been_executed() {
    assertThat(faults(hub("queued", "sent", "expired"))).isEmpty();
    executions.begun(ID, NOW);
    assertThat(faults(hub("queued", "sent", "expired"))).isEmpty();
    assertThat(faults(hub("queued", "sent", "queued", "cancelled"))).isEmpty();
  }

  @Test
  void an_answer_delivered_well_before_the_end_must_be_recorded() {
    done("succeeded", Map.of(), "");
    JsonNode late = hub(20_000, "queued", "sent", "expired");
    assertThat(faults(late)).isEmpty();
    executions.confirmed(ID, NOW);
    assertThat(faults(late)).hasSize(1).first().asString().contains("the device sent succeeded");
    assertThat(faults(hub(1_000, "queued", "sent", "expired"))).isEmpty();
  }

  @Test
  void a_command_executed_twice_fails() {
    done("succeeded", Map.of(), "");
    done("succeeded", Map.of(), "");
    assertThat(faults(hub("queued", "sent", "succeeded")))
        .containsExactly("the device executed it 2 times");
  }

  @Test
  void a_command_that_has_not_ended_fails() {
    for (String state : List.of("queued", "sent", "accepted")) {
      assertThat(faults(hub("queued", state)))
          .hasSize(1)
          .first()
          .asString()
          .startsWith("the state is still " + state);
    }
  }

  @Test
  void a_timeline_ends_with_the_final_state_and_its_timestamps_do_not_decrease() {
    assertThat(faults(hub("queued", "expired", "sent", "expired")))
        .containsExactly(
            "timeline continues after the final state: queued, expired, sent, expired");
    assertThat(faults(hub(-5_000, "queued", "expired")))
        .containsExactly("timeline timestamps decrease");
  }

  @Test
  void a_command_delivered_before_not_before_fails() {
    IssuedCommand later =
        issuedCommands.enter(
            "pump-1", CommandRequest.plain("identify"), Duration.ofMinutes(1), NOW + 5_000);
    executions.begun(ID, NOW);
    ObjectNode hub = hub("queued", "sent", "expired").put("name", "identify");
    hub.putObject("params");
    assertThat(CommandChecker.faults(later, hub, executions.of(ID)))
        .containsExactly("the device received it 5000 ms before notBefore");
  }

  @Test
  void a_command_that_differs_from_its_request_fails() {
    ObjectNode hub = hub("queued", "expired");
    hub.putObject("params").put("rpm", 1201);
    assertThat(faults(hub)).hasSize(1).first().asString().contains("1201", "1200");
  }

  private void done(String status, Map<String, Object> data, String error) {
    executions.begun(ID, NOW);
    executions.answered(ID, new ExecutionLog.StatusReport(status, data, error));
  }

  private List<String> faults(JsonNode hub) {
    @Nullable Execution execution = executions.of(ID);
    return CommandChecker.faults(issued, hub, execution);
  }

  private static ObjectNode hub(String... states) {
    return hub(10, states);
  }

  /** A command with the given time between its steps. */
  private static ObjectNode hub(long apartMillis, String... states) {
    ObjectNode command = JSON.createObjectNode().put("id", ID).put("device", "pump-1");
    command.put("name", "set-speed").put("state", states[states.length - 1]);
    command.putObject("params").put("rpm", 1200);
    command.put("created", NOW).put("expires", NOW + 60_000);
    ArrayNode timeline = command.putArray("timeline");
    for (int i = 0; i < states.length; i++) {
      boolean answer = List.of("accepted", "succeeded", "failed", "rejected").contains(states[i]);
      ObjectNode step = timeline.addObject().put("state", states[i]);
      step.put("ts", NOW + i * apartMillis).put("by", answer ? "pump-1" : "ann");
    }
    return command;
  }
}
