package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.sim.command.CommandLoadPlan;
import io.signalbox.sim.device.CommandBehaviour;
import io.signalbox.sim.device.DeviceProfile;
import io.signalbox.sim.device.TransportPreferences;
import io.signalbox.sim.fault.CommandFaults;
import io.signalbox.sim.fault.Delay;
import io.signalbox.sim.fault.LinkFaults;
import io.signalbox.sim.http.PollingOptions;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.TransportKind;
import io.signalbox.sim.model.ModelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  @Test
  void without_options_ten_mixed_devices_run_against_a_hub_on_this_machine() {
    RunPlan plan = SimulationRun.plan("--key", "sbk_1");
    assertThat(plan.hub()).hasToString("http://127.0.0.1:8080");
    assertThat(plan.script())
        .isEqualTo(new Scenario.Live(10, "sim-", ModelKind.MIXED, 1, 1, Integer.MAX_VALUE));
    assertThat(plan.links()).isEqualTo(new RunPlan.Links(Encoding.JSON, PollingOptions.USUAL));
    assertThat(plan.profile())
        .isEqualTo(
            new DeviceProfile(
                1000,
                false,
                LinkFaults.NONE,
                CommandBehaviour.GOOD,
                TransportPreferences.only(TransportKind.WEBSOCKET)));
    assertThat(plan.terms().duration()).isGreaterThan(Duration.ofDays(1000));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080/, http://127.0.0.1:8080",
    "http://hub.example, http://hub.example:80",
    "https://hub.example/signalbox/, https://hub.example:443/signalbox",
    "http://[::1]:8080, http://[::1]:8080"
  })
  void the_hubs_address_may_be_written_as_one_does(String written, String understood) {
    assertThat(SimulationRun.plan("--key", "k", "--hub", written).hub()).hasToString(understood);
  }

  @Test
  void a_run_that_is_to_be_verified_ends() {
    assertThat(SimulationRun.plan("--key", "k", "--verify").terms().duration())
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(SimulationRun.plan("--key", "k", "--verify", "--duration", "2.5").terms().duration())
        .isEqualTo(Duration.ofMillis(2500));
  }

  @Test
  void the_api_key_may_come_from_the_environment() {
    assertThat(keyFrom(Map.of("SIGNALBOX_ADMIN_KEY", "sbk_admin"))).isEqualTo("sbk_admin");
    assertThat(keyFrom(Map.of("SIGNALBOX_ADMIN_KEY", "sbk_admin", "SIGNALBOX_API_KEY", "sbk_api")))
        .isEqualTo("sbk_api");
    assertThatThrownBy(() -> keyFrom(Map.of())).hasMessageContaining("an API key is needed");
  }

  private static String keyFrom(Map<String, String> environment) {
    SimOptions options = new SimOptions();
    Main.commandLine(options).parseArgs();
    return new RunPlanBuilder(options, environment).plan().apiKey();
  }

  @Test
  void a_replay_takes_its_device_from_the_files_name(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my pump (1).csv"), "t,a,b\n2020-01-01,1,2\n");
    RunPlan plan =
        SimulationRun.plan(
            "--key", "k", "--replay", file.toString(), "--column", "a,b", "--speed", "60x");
    Scenario.Replay replay = (Scenario.Replay) plan.script();
    assertThat(replay.device()).isEqualTo("my-pump--1-");
    assertThat(replay.recording().readings()).isEqualTo(2);
    assertThat(replay.speed()).isEqualTo(60);
  }

  @Test
  void commands_may_be_given_at_a_pace() {
    RunPlan plan = SimulationRun.plan("--key", "k", "--commands", "2.5", "--command-cancel", "10%");
    assertThat(plan.orders())
        .contains(new CommandLoadPlan(2.5, Duration.ofSeconds(60), 0, 0.1, Optional.empty()));
    assertThat(SimulationRun.plan("--key", "k").orders()).isEmpty();
  }

  @Test
  void how_devices_treat_commands_may_be_said() {
    RunPlan plan =
        SimulationRun.plan(
            "--key", "k", "--command-delay", "50ms..2s", "--command-faults", "reject=5%,cut=0.01");
    assertThat(plan.profile().behaviour())
        .isEqualTo(
            new CommandBehaviour(
                new Delay(50, 2000), new CommandFaults(0, 0.05, 0, 0, 0, 0, 0.01, 0, 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--devices 0",
        "--devices many",
        "--rate -1",
        "--rate 0",
        "--batch 0",
        "--transport pigeon",
        "--encoding xml",
        "--model toaster",
        "--prefix -x",
        "--hub localhost:8080",
        "--hub ftp://x",
        "--faults cut=2",
        "--faults rain=0.1",
        "--command-faults reject",
        "--command-faults reject=101%",
        "--command-faults sulk=1%",
        "--command-delay 5",
        "--command-delay 2s..1s",
        "--command-delay ..1s",
        "--commands 0",
        "--commands 1 --command-ttl 0",
        "--commands 1 --command-later often",
        "--command-ttl 5",
        "--duration 0",
        "--window 0",
        "--column a",
        "--speed 2x",
        "--replay nowhere.csv",
        "--replay nowhere.csv --column a",
        "--replay nowhere.csv --column a --devices 3",
        "--bogus"
      })
  void what_is_wrong_ends_with_exit_code_2(String line) {
    assertThat(Main.run(("--key sbk_1 " + line).split(" ", -1))).isEqualTo(2);
  }

  @Test
  void help_is_no_error() {
    assertThat(Main.run("--help")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--transport poll --power min=x | min must be a time",
        "--transport poll --power min=2s,max=1s | min must not be above max",
        "--transport adaptive --power colour=1 | there are min, max, cost, battery, window",
        "--transport adaptive --power battery=101 | battery must be a number from 0 to 100",
        "--transport adaptive --power window=25:00-26:00 | times of day, UTC",
        "--power min=1s | belongs to --transport poll or adaptive",
        "--poll-interval 5s | belongs to --transport poll or longpoll",
        "--transport poll --poll-interval often | must be a time such as 500ms",
        "--better-after 5s | belongs to --transport auto"
      })
  void options_that_do_not_fit_the_transport_are_refused(String options, String complaint) {
    assertThatThrownBy(() -> SimulationRun.plan(("--key k " + options.strip()).split(" ")))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(complaint.strip());
  }
}
