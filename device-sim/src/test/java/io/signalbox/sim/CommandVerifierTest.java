package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands that are given to a hub that can be told to lie. */
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
          .contains("commands have ended truly", "0 never acknowledged", "asked to ended");
    }
  }

  @Test
  void a_request_whose_answer_was_lost_is_sent_again_and_makes_one_command() {
    commands.losesAnswers = true;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(20, run)).as(run::printed).isZero();
      assertThat(run.printed()).doesNotContain(" 0 requests sent again");
    }
  }

  @Test
  void a_hub_that_makes_two_commands_of_one_request_is_found_out() {
    commands.losesAnswers = true;
    commands.keepsKeys = false;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(20, run)).isEqualTo(1);
      assertThat(run.printed()).contains("made of the same request as 00000000-");
    }
  }

  @Test
  void a_hub_that_does_not_know_a_command_any_more_is_found_out() {
    commands.shows = command -> isFirst(command) ? null : command;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(10, run)).isEqualTo(1);
      assertThat(run.printed())
          .contains("NOT VERIFIED: 1 findings")
          .contains("command " + FIRST + " of ")
          .contains("acknowledged, but the hub does not know it");
    }
  }

  @Test
  void a_hub_that_shows_another_end_than_the_device_gave_is_found_out() {
    commands.shows = command -> isFirst(command) ? renamed(command, "rejected") : command;
    try (SimulationRun run = run()) {
      assertThat(provedAfter(10, run)).isEqualTo(1);
      assertThat(run.printed())
          .contains("the hub says rejected", "but the device said succeeded {\"blinked\":3}");
    }
  }

  @Test
  void a_hub_that_delivers_in_another_order_is_found_out() {
    commands.turnsPairsAround = true;
    try (SimulationRun run = run("--devices", "1")) {
      run.until(() -> commands.answered() >= 10);
      commands.turnsPairsAround = false;
      assertThat(provedAfter(20, run)).isEqualTo(1);
      assertThat(run.printed()).contains("begun before", "which was made earlier");
    }
  }

  @Test
  void a_hub_whose_clock_goes_back_but_keeps_the_order_is_verified() {
    commands.clockGoesBack = true;
    try (SimulationRun run = run("--devices", "1")) {
      assertThat(provedAfter(20, run)).as(run::printed).isZero();
      assertThat(run.printed()).contains("commands have ended truly");
    }
  }

  @Test
  void a_command_that_nobody_made_is_found_out() {
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
          .contains("command ghost of sim-0001: the device has done it, but the hub does not know");
    }
  }

  @Test
  void commands_of_other_clients_are_ignored() {
    try (SimulationRun run = run()) {
      run.until(() -> commands.answered() > 2);
      commands.submitByHand("sim-0001");
      assertThat(provedAfter(4, run)).as(run::printed).isZero();
      assertThat(run.printed()).contains("1 more were given by others");
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
    // A run in which no reading was acknowledged has proved nothing, whatever became of commands.
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
