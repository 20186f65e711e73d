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
  void without_options_ten_mixed_devices_connect_to_a_local_hub() {
    RunPlan plan = SimulationRun.plan("--key", "sbk_1");
    assertThat(plan.hub()).hasToString("http://127.0.0.1:8080");
    assertThat(plan.scenario())
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
  void the_hub_url_accepts_http_https_paths_and_ipv6(String written, String parsed) {
    assertThat(SimulationRun.plan("--key", "k", "--hub", written).hub()).hasToString(parsed);
  }

  @Test
  void a_verified_run_ends_after_30_seconds_by_default() {
    assertThat(SimulationRun.plan("--key", "k", "--verify").terms().duration())
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(SimulationRun.plan("--key", "k", "--verify", "--duration", "2.5").terms().duration())
        .isEqualTo(Duration.ofMillis(2500));
  }

  @Test
  void the_api_key_is_read_from_the_environment() {
    assertThat(keyFrom(Map.of("SIGNALBOX_ADMIN_KEY", "sbk_admin"))).isEqualTo("sbk_admin");
    assertThat(keyFrom(Map.of("SIGNALBOX_ADMIN_KEY", "sbk_admin", "SIGNALBOX_API_KEY", "sbk_api")))
        .isEqualTo("sbk_api");
    assertThatThrownBy(() -> keyFrom(Map.of())).hasMessageContaining("no API key");
  }

  private static String keyFrom(Map<String, String> environment) {
    SimOptions options = new SimOptions();
    Main.commandLine(options).parseArgs();
    return new RunPlanBuilder(options, environment).plan().apiKey();
  }

  @Test
  void a_replay_takes_the_device_id_from_the_file_name(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my pump (1).csv"), "t,a,b\n2020-01-01,1,2\n");
    RunPlan plan =
        SimulationRun.plan(
            "--key", "k", "--replay", file.toString(), "--column", "a,b", "--speed", "60x");
    Scenario.Replay replay = (Scenario.Replay) plan.scenario();
    assertThat(replay.device()).isEqualTo("my-pump--1-");
    assertThat(replay.recording().readings()).isEqualTo(2);
    assertThat(replay.speed()).isEqualTo(60);
  }

  @Test
  void the_commands_option_sets_the_command_load() {
    RunPlan plan = SimulationRun.plan("--key", "k", "--commands", "2.5", "--command-cancel", "10%");
    assertThat(plan.commandLoad())
        .contains(new CommandLoadPlan(2.5, Duration.ofMinutes(1), 0, 0.1, Optional.empty()));
    assertThat(SimulationRun.plan("--key", "k").commandLoad()).isEmpty();
  }

  @Test
  void command_options_set_delay_and_faults_of_devices() {
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
        "--transport fax",
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
        "--commands 1 --command-not-before often",
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
  void invalid_options_end_with_exit_code_64(String line) {
    assertThat(Main.run(("--key sbk_1 " + line).split(" ", -1))).isEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "--version", "-V"})
  void help_and_version_end_with_exit_code_0(String option) {
    assertThat(Main.run(option)).isZero();
  }

  @Test
  void the_help_names_all_options_with_their_defaults() {
    assertThat(Main.commandLine(new SimOptions()).getUsageMessage())
        .startsWith("Usage: signalbox sim [OPTIONS]\n")
        .containsPattern("--devices=N +Number of devices \\(default: 10\\)\\.")
        .contains("\nTransport:\n", "\nExit codes:\n", "64   invalid command line or recording");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--transport poll --power min=x | min must be a duration",
        "--transport poll --power min=2s,max=1s | min must not be greater than max",
        "--transport adaptive --power colour=1 | expected one of min, max, cost, battery, window",
        "--transport adaptive --power battery=101 | battery must be a number from 0 to 100",
        "--transport adaptive --power window=25:00-26:00 | window must be two times of day (UTC)",
        "--power min=1s | requires --transport poll or adaptive",
        "--poll-interval 5s | requires --transport poll, longpoll or auto",
        "--transport poll --poll-interval often | must be a duration such as 500ms",
        "--upgrade-after 5s | requires --transport auto"
      })
  void options_for_another_transport_are_rejected(String options, String message) {
    assertThatThrownBy(() -> SimulationRun.plan(("--key k " + options.strip()).split(" ")))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(message.strip());
  }
}
