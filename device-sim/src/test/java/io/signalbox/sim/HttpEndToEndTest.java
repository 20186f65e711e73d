package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.testsupport.UpgradeStrippingProxy;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices on HTTP transports against a hub process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpEndToEndTest {
  private final Path folder = temporary();
  private final HubProcess hub = HubProcess.start(folder.resolve("data"));

  @AfterAll
  void stop() throws IOException {
    hub.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("signalbox-sim-http");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"sse, json", "longpoll, cbor", "poll, json", "adaptive, json", "adaptive, cbor"})
  void readings_and_commands_are_verified_under_device_faults(String transport, String encoding) {
    try (SimulationRun run =
        run(
            transport,
            hub.url(),
            "--prefix",
            transport + "-" + encoding + "-",
            "--encoding",
            encoding,
            "--gzip",
            "--duration",
            "4",
            "--command-delay",
            "1ms..200ms",
            "--faults",
            "cut=0.5%,duplicate=5%",
            "--command-faults",
            "accept=20%,reject=5%,fail=5%,silent=3%,duplicate=10%,cut=2%,resend=50%")) {
      assertThat(run.code()).as(run::printed).isZero();
      assertThat(run.printed())
          .contains(
              "exactly once", "commands ended in a correct state", "create to start", transport);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sse", "longpoll", "poll", "adaptive"})
  void a_killed_hub_loses_nothing(String transport) {
    try (SimulationRun run =
        run(transport, hub.url(), "--prefix", "kill-" + transport + "-", "--rate", "10")) {
      run.until(() -> run.acked() > 500 && run.commands() > 20);
      hub.kill();
      hub.restart();
      long acked = run.acked();
      long commands = run.commands();
      run.until(() -> run.acked() > acked + 500 && run.commands() > commands + 20);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once", "commands ended in a correct state");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "websocket, json",
    "websocket, cbor",
    "sse, json",
    "longpoll, json",
    "poll, cbor",
    "adaptive, json",
    "adaptive, cbor"
  })
  void a_device_describes_itself(String transport, String encoding) {
    String prefix = "says-" + transport + "-" + encoding + "-";
    try (SimulationRun run =
        run(transport, hub.url(), "--prefix", prefix, "--model", "mixed", "--encoding", encoding)) {
      run.until(() -> hub.has("/devices/" + prefix + "0001"));
      run.until(() -> hub.has("/devices/" + prefix + "0002"));
      run.until(() -> description(prefix + "0001").has("described"));
      run.until(() -> description(prefix + "0002").has("described"));
      run.until(() -> hub.get("/devices/" + prefix + "0001/telemetry/latest").contains("target"));
      assertThat(run.end()).as(run::printed).isZero();
    }
    JsonNode thermostat = description(prefix + "0001");
    assertThat(thermostat.at("/described/version").asInt()).isEqualTo(1);
    assertThat(thermostat.at("/metrics/temperature/unit").asText()).isEqualTo("Cel");
    assertThat(thermostat.path("serial").asText()).isEqualTo(prefix + "0001");
    assertThat(description(prefix + "0002").at("/commands/set-speed/params/properties/rpm/maximum"))
        .hasToString("3600");
  }

  private JsonNode description(String device) {
    try {
      return new ObjectMapper().readTree(hub.get("/devices/" + device + "/description"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_device_falls_back_when_upgrades_are_blocked() {
    try (UpgradeStrippingProxy proxy = UpgradeStrippingProxy.before(hub.url());
        SimulationRun run =
            run("auto", proxy.url(), "--prefix", "auto-", "--rate", "5", "--upgrade-after", "1s")) {
      run.until(() -> run.acked() > 200 && run.commands() > 20);
      proxy.cut();
      run.until(() -> run.acked() > 400);
      proxy.letUpgradesPass(true);
      long commands = run.commands();
      run.until(() -> run.commands() > commands + 60);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("sse  ", "websocket  ");
    }
  }

  private static SimulationRun run(String transport, String url, String... options) {
    List<String> line = new ArrayList<>(List.of("--transport", transport, "--devices", "10"));
    line.addAll(List.of("--verify", "--commands", "20", "--command-ttl", "4"));
    if (transport.equals("poll") || transport.equals("adaptive")) {
      line.addAll(List.of("--power", "min=100ms,max=500ms"));
    }
    line.addAll(List.of(options));
    return SimulationRun.against(url, HubProcess.ADMIN_KEY, line.toArray(String[]::new));
  }
}
