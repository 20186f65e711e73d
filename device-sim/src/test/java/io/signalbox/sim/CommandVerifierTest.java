package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Command load against a fake hub that can misbehave. */
class CommandVerifierTest {
  private static final String FIRST = "00000000-0000-7000-8000-000000000000";

  private final FakeHub hub = new FakeHub();
  private final FakeCommands commands = new FakeCommands(hub);

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void commands_that_end_consistently_are_verified() {
    try (SimulationRun run = run()) {
      assertThat(provedAfter(20, run)).as(run::printed).isZero();
      assertThat(run.printed())
          .contains("commands ended in a correct state", "0 never acknowledged", "create to end");
    }
  }

  @Test
  void a_request_without_response_is_repeated_and_creates_one_command() {
    commands.losesAnswers = true;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(20, run)).as(run::printed).isZero();
      assertThat(run.printed()).doesNotContain(" 0 requests repeated");
    }
  }

  @Test
  void a_hub_that_duplicates_a_command_fails_the_verification() {
    commands.losesAnswers = true;
    commands.keepsKeys = false;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(20, run)).isEqualTo(1);
      assertThat(run.printed()).contains("created by the same request as 00000000-");
    }
  }

  @Test
  void a_hub_that_lost_a_command_fails_the_verification() {
    commands.shows = command -> isFirst(command) ? null : command;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(10, run)).isEqualTo(1);
      assertThat(run.printed())
          .contains("NOT VERIFIED: 1 errors")
          .contains("command " + FIRST + " of ")
          .contains("acknowledged, but not found at the hub");
    }
  }

  @Test
  void a_hub_with_another_final_state_fails_the_verification() {
    commands.shows = command -> isFirst(command) ? renamed(command, "rejected") : command;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(10, run)).isEqualTo(1);
      assertThat(run.printed())
          .contains("the hub has state rejected", "but the device sent succeeded {\"blinked\":3}");
    }
  }

  @Test
  void a_hub_that_delivers_out_of_order_fails_the_verification() {
    commands.turnsPairsAround = true;
    try (SimulationRun run = run("--devices", "1")) {
      run.until(() -> commands.answered() >= 10);
      commands.turnsPairsAround = false;
      assertThat(provedAfter(20, run)).isEqualTo(1);
      assertThat(run.printed()).contains("started before", "which was created earlier");
    }
  }

  @Test
  void a_hub_clock_set_back_passes_the_verification() {
    commands.clockGoesBack = true;
    try (SimulationRun run = run("--devices", "1")) {
      assertThat(provedAfter(20, run)).as(run::printed).isZero();
      assertThat(run.printed()).contains("commands ended in a correct state");
    }
  }

  @Test
  void an_invented_command_fails_the_verification() {
    try (SimulationRun run = run()) {
      run.until(() -> commands.answered() > 2);
      hub.sessions.stream()
          .filter(session -> session.device.equals("sim-0001"))
          .forEach(
              session ->
                  session.say(
                      "{\"type\":\"command\",\"id\":\"ghost\",\"name\":\"identify\",\"params\":{}}"));
      assertThat(provedAfter(10, run)).isEqualTo(1);
      assertThat(run.printed())
          .contains("command ghost of sim-0001: executed by the device, but not found at");
    }
  }

  @Test
  void commands_of_other_clients_are_ignored() {
    try (SimulationRun run = run()) {
      run.until(() -> commands.answered() > 2);
      commands.submitByHand("sim-0001");
      assertThat(provedAfter(4, run)).as(run::printed).isZero();
      assertThat(run.printed()).contains("1 more were created by other clients");
    }
  }

  @Test
  void without_accepted_commands_the_verification_fails() {
    hub.commands(
        request -> {
          boolean command = request.path().endsWith("/commands");
          if (command) {
            FakeHub.reply(request, 404, "{\"code\":\"unknown-device\",\"detail\":\"no such\"}");
          }
          return command;
        });
    try (SimulationRun run = run()) {
      run.until(() -> run.acked() > 50);
      assertThat(run.end()).isEqualTo(1);
      assertThat(run.printed()).contains("NOT VERIFIED: no command was acknowledged", "no such");
    }
  }

  private SimulationRun run(String... options) {
    List<String> line =
        new ArrayList<>(List.of("--rate", "20", "--verify", "--command", "identify"));
    line.addAll(List.of("--commands", "50", "--command-ttl", "5"));
    if (options.length == 0) {
      line.addAll(List.of("--devices", "2"));
    }
    line.addAll(List.of(options));
    return SimulationRun.against(hub, line.toArray(String[]::new));
  }

  private int provedAfter(int answered, SimulationRun run) {
    // A run without acknowledged readings fails the verification, whatever the commands' states.
    run.until(() -> commands.answered() >= answered && run.acked() > 0);
    return run.end();
  }

  private static boolean isFirst(ObjectNode command) {
    return command.path("id").asText().equals(FIRST);
  }

  private static ObjectNode renamed(ObjectNode command, String state) {
    ArrayNode timeline = command.withArrayProperty("timeline");
    ((ObjectNode) timeline.get(timeline.size() - 1)).put("state", state);
    return command.put("state", state);
  }
}
