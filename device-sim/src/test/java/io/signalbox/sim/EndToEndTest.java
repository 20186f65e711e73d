package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulator against a hub process over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();

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
      return Files.createTempDirectory("signalbox-sim");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cbor"})
  void a_fleet_runs_and_its_readings_are_verified(String encoding) {
    try (SimulationRun run =
        run(
            "--prefix",
            encoding + "-",
            "--devices",
            "20",
            "--rate",
            "10",
            "--batch",
            "2",
            "--encoding",
            encoding,
            "--duration",
            "3",
            "--verify",
            "--feed-latency")) {
      assertThat(run.code()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once", "send to ack", "send to stream");
    }
  }

  @Test
  void a_killed_hub_keeps_every_acknowledged_reading_once() {
    try (SimulationRun run =
        run("--prefix", "kill-", "--devices", "50", "--rate", "20", "--verify")) {
      run.until(() -> run.acked() > 2000);
      hub.kill();
      hub.restart();
      run.until(() -> run.acked() > 10_000);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once");
    }
  }

  @Test
  void cut_connections_and_duplicate_messages_create_no_duplicates() {
    try (SimulationRun run =
        run(
            "--prefix",
            "cut-",
            "--devices",
            "10",
            "--rate",
            "50",
            "--duration",
            "3",
            "--verify",
            "--faults",
            "cut=0.005,duplicate=0.05")) {
      assertThat(run.code()).as(run::printed).isZero();
    }
  }

  @Test
  void a_replayed_recording_keeps_timestamps_and_values() throws IOException {
    List<String> rows = recorded(3000);
    Path file = folder.resolve("machine.csv");
    Files.writeString(file, "timestamp,value\n" + String.join("\n", rows) + "\n");
    try (SimulationRun run = run("--replay", file.toString(), "--column", "value", "--verify")) {
      assertThat(run.code()).as(run::printed).isZero();
    }
    JsonNode history =
        JSON.readTree(
            hub.get("/devices/machine/telemetry?metric=value&from=1577836800000&to=1600000000000"));
    List<String> points = new ArrayList<>();
    history
        .path("points")
        .forEach(point -> points.add(point.get(0).asLong() + "," + point.get(1).doubleValue()));
    assertThat(points).containsExactlyElementsOf(asPoints(rows));
  }

  /** Rows with doubles that need all digits. */
  private static List<String> recorded(int count) {
    SplittableRandom random = new SplittableRandom(1);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double value = 70 + random.nextGaussian() * 10;
      int minute = i % 60;
      int hour = i / 60 % 24;
      int day = 1 + i / 1440;
      rows.add(
          String.format(Locale.ROOT, "2020-01-%02d %02d:%02d:00,%s", day, hour, minute, value));
    }
    return rows;
  }

  private static List<String> asPoints(List<String> rows) {
    List<String> points = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      String value = rows.get(i).substring(rows.get(i).indexOf(',') + 1);
      points.add(1577836800000L + i * 60_000L + "," + Double.parseDouble(value));
    }
    return points;
  }

  @Test
  void commands_end_consistently_under_device_faults() {
    try (SimulationRun run =
        run(
            "--prefix",
            "truth-",
            "--devices",
            "20",
            "--duration",
            "4",
            "--commands",
            "60",
            "--command-ttl",
            "4",
            "--command-not-before",
            "10%",
            "--command-cancel",
            "30%",
            "--command-delay",
            "1ms..200ms",
            "--command-faults",
            "accept=20%,reject=5%,fail=5%,silent=3%,duplicate=10%,slow=2%,cut=2%,resend=50%",
            "--verify")) {
      assertThat(run.code()).as(run::printed).isZero();
      assertThat(run.printed()).contains("commands ended in a correct state", "create to end");
      assertThat(run.printed()).contains(" expired", " rejected", " failed", " succeeded");
    }
  }

  @Test
  void commands_end_consistently_when_the_hub_is_killed() {
    try (SimulationRun run =
        run(
            "--prefix",
            "killed-",
            "--devices",
            "20",
            "--commands",
            "100",
            "--command",
            "identify",
            "--command-ttl",
            "4",
            "--command-delay",
            "1ms..100ms",
            "--command-faults",
            "accept=50%,cut=1%",
            "--verify")) {
      run.until(() -> run.commands() > 200);
      hub.kill();
      hub.restart();
      long before = run.commands();
      run.until(() -> run.commands() > before + 200);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed())
          .contains("commands ended in a correct state", "0 never acknowledged");
    }
  }

  @Test
  void a_device_that_executes_a_command_again_fails_the_verification() {
    try (SimulationRun run =
        run(
            "--prefix",
            "forget-",
            "--devices",
            "2",
            "--commands",
            "10",
            "--command-ttl",
            "3",
            "--duration",
            "2",
            "--command-faults",
            "cut=50%,forget=1",
            "--verify")) {
      assertThat(run.code()).as(run::printed).isEqualTo(1);
      assertThat(run.printed())
          .containsPattern("command [0-9a-f-]{36} of forget-000[12]: the device executed it");
    }
  }

  @Test
  void a_submitted_command_can_be_followed_to_its_end() throws IOException {
    try (SimulationRun run =
        run("--prefix", "obey-", "--devices", "1", "--model", "thermostat", "--rate", "5")) {
      run.until(() -> run.acked() > 10);
      assertThat(landed("{\"name\":\"identify\",\"params\":{}}")).isEqualTo("succeeded");
      assertThat(landed("{\"name\":\"fly\"}")).isEqualTo("rejected");
      assertThat(landed("{\"name\":\"set-target\",\"params\":{\"celsius\":20.5}}"))
          .isEqualTo("succeeded");
    }
  }

  private String landed(String command) throws IOException {
    JsonNode made = JSON.readTree(hub.post("/devices/obey-0001/commands", command));
    String state = made.path("state").asText();
    String id = made.path("id").asText();
    for (int i = 0; i < 50 && List.of("queued", "sent", "accepted").contains(state); i++) {
      String path = "/commands/" + id + "?wait=20&since=" + state;
      state = JSON.readTree(hub.get(path)).path("state").asText();
    }
    return state;
  }

  private SimulationRun run(String... options) {
    return SimulationRun.against(hub.url(), HubProcess.ADMIN_KEY, options);
  }
}
