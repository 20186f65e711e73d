package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private final FakeHub hub = new FakeHub();
  private final SimulationRun run =
      SimulationRun.against(hub, "--devices", "1", "--model", "thermostat", "--rate", "10");

  @BeforeEach
  void waitUntilItSends() {
    run.until(() -> !hub.series("sim-0001", "temperature").isEmpty());
  }

  @AfterEach
  void close() {
    run.close();
    hub.close();
  }

  @Test
  void a_thermostat_reports_when_its_target_is_reached() {
    double target = temperature() + 0.4;
    command("c1", "set-target", "{\"celsius\":" + target + "}");
    run.until(() -> results("c1").size() == 2);
    assertThat(statuses("c1")).containsExactly("accepted", "succeeded");
    assertThat(results("c1").get(1).path("data").path("celsius").asDouble())
        .isCloseTo(target, within(0.3));
  }

  @Test
  void a_redelivered_command_is_executed_once_and_answered_twice() {
    command("c2", "identify", "{}");
    command("c2", "identify", "{}");
    run.until(() -> results("c2").size() == 2);
    assertThat(statuses("c2")).containsExactly("succeeded", "succeeded");
    run.end();
    assertThat(run.printed()).contains("1 commands");
  }

  @Test
  void an_unknown_command_is_rejected_with_the_supported_ones() {
    command("c3", "fly", "{}");
    run.until(() -> results("c3").size() == 1);
    assertThat(statuses("c3")).containsExactly("rejected");
    assertThat(results("c3").getFirst().path("error").asText()).contains("set-target", "fly");
  }

  @Test
  void an_invalid_command_parameter_is_named() {
    command("c4", "set-target", "{\"celsius\":\"warm\"}");
    command("c5", "set-target", "{\"celsius\":99}");
    run.until(() -> results("c5").size() == 1);
    assertThat(statuses("c4")).containsExactly("failed");
    assertThat(results("c4").getFirst().path("error").asText()).contains("params.celsius");
    assertThat(results("c5").getFirst().path("error").asText()).contains("from 5 to 35");
  }

  @Test
  void a_newer_target_supersedes_the_running_command() {
    double target = temperature();
    command("c6", "set-target", "{\"celsius\":5}");
    command("c7", "set-target", "{\"celsius\":" + target + "}");
    run.until(() -> results("c7").size() == 2);
    assertThat(statuses("c6")).containsExactly("accepted", "failed");
    assertThat(statuses("c7")).containsExactly("accepted", "succeeded");
  }

  @Test
  void a_command_redelivered_after_a_lost_connection_is_answered_on_the_new_one() {
    double target = temperature() + 0.5;
    command("c8", "set-target", "{\"celsius\":" + target + "}");
    run.until(() -> results("c8").size() == 1);
    hub.sessions.getFirst().cut();
    run.until(() -> hub.sessions.size() == 2);
    command("c8", "set-target", "{\"celsius\":" + target + "}");
    run.until(() -> statuses("c8").getLast().equals("succeeded"));
    run.end();
    assertThat(run.printed()).contains("1 commands");
  }

  private void command(String id, String name, String params) {
    hub.sessions
        .getLast()
        .say(
            "{\"type\":\"command\",\"id\":\""
                + id
                + "\",\"name\":\""
                + name
                + "\",\"params\":"
                + params
                + ",\"expires\":4102444800000}");
  }

  private double temperature() {
    return hub.series("sim-0001", "temperature").lastEntry().getValue().doubleValue();
  }

  private List<JsonNode> results(String id) {
    return hub.frames.stream().filter(frame -> frame.path("id").asText().equals(id)).toList();
  }

  private List<String> statuses(String id) {
    return results(id).stream().map(frame -> frame.path("status").asText()).toList();
  }
}
