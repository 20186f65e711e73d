package io.signalbox.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.types.file.JsonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands, against a running hub. */
@SuppressWarnings("NullAway.Init") // set before the tests
class TypesCommandTest {
  private static final String TYPES =
      """
      types:
        valve:
          metrics:
            flow:
              unit: L/min
              max: 40.0
          commands:
            open:
              params:
                type: object
                properties:
                  minutes:
                    type: integer
                    maximum: 120
        "soil sensor":
          offlineAfter: 900
      """;

  @TempDir static Path folder;
  private static RunningHub hub;

  private String out = "";
  private String err = "";

  @BeforeAll
  static void start() throws IOException {
    hub = RunningHub.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @BeforeEach
  void deleteTypes() throws IOException, InterruptedException {
    for (JsonNode type : JsonText.read(hub.send("GET", "/types", "")).path("items")) {
      hub.send("DELETE", "/types/" + type.path("type").asText().replace(" ", "%20"), "");
    }
  }

  @Test
  void an_import_is_idempotent_and_an_export_is_its_inverse() throws Exception {
    Path file = file("types.yaml", TYPES);

    assertThat(run("import", file.toString())).isZero();
    assertThat(out)
        .isEqualTo("valve: created\nsoil sensor: created\n2 created, 0 changed, 0 unchanged\n");
    int version = version("valve");
    assertThat(run("import", file.toString())).isZero();
    assertThat(out)
        .isEqualTo("valve: unchanged\nsoil sensor: unchanged\n0 created, 0 changed, 2 unchanged\n");
    assertThat(version("valve")).isEqualTo(version);

    Path exported = folder.resolve("exported.json");
    assertThat(run("export", "--output", exported.toString())).isZero();
    assertThat(Files.readString(exported)).startsWith("{\n  \"types\" : {\n    \"soil sensor\"");
    assertThat(run("import", "--dry-run", exported.toString())).isZero();
    assertThat(run("export")).isZero();
    assertThat(run("import", "--dry-run", file("exported.yaml", out).toString())).isZero();
    assertThat(run("export", "valve")).isZero();
    assertThat(out)
        .startsWith("types:\n  valve:\n    metrics:\n      flow:\n        unit: L/min\n");
    assertThat(out).doesNotContain("soil sensor");
  }

  @Test
  void a_dry_run_prints_the_difference_and_changes_nothing() throws Exception {
    run("import", file("types.yaml", TYPES).toString());
    int version = version("valve");
    Path changed =
        file(
            "changed.yaml",
            TYPES.replace("max: 40.0", "max: 60").replace("900", "900.0")
                + "  pump: {strict: tag}\n");

    assertThat(run("import", "--dry-run", changed.toString())).isEqualTo(1);
    assertThat(out)
        .isEqualTo(
            """
            valve: changed, version %d
              ~ /metrics/flow/max: 40.0 -> 60
            soil sensor: unchanged
            pump: new
              + /strict: "tag"
            1 to create, 1 to change, 1 unchanged
            """
                .formatted(version));
    assertThat(version("valve")).isEqualTo(version);

    assertThat(run("import", changed.toString())).isZero();
    assertThat(out).endsWith("1 created, 1 changed, 1 unchanged\n");
    assertThat(version("valve")).isEqualTo(version + 1);
    assertThat(run("import", "--dry-run", changed.toString())).isZero();
  }

  @Test
  void nothing_is_stored_if_the_hub_refuses_one_definition() throws Exception {
    Path good = file("good.yaml", TYPES);
    Path bad =
        file(
            "bad.yaml",
            """
            types:
              pump:
                metrics: {flow: {kind: n}}
                commands: {run: {params: {type: numbr}}}
            """);

    for (String option : List.of("--dry-run", "--hub=" + hub.url())) {
      assertThat(run("import", option, good.toString(), bad.toString())).isEqualTo(65);
      assertThat(err)
          .contains(
              "signalbox types import: " + bad + "#/types/pump/metrics/flow/kind: must be one of",
              bad + "#/types/pump/commands/run/params/type: must be");
      assertThat(out).isEmpty();
    }
    assertThat(JsonText.read(hub.send("GET", "/types", "")).path("items")).isEmpty();
  }

  @Test
  void models_of_other_standards_are_imported_and_what_does_not_map_is_listed() throws Exception {
    Path thing =
        file(
            "lamp.tm.json",
            """
            {"@context": "https://www.w3.org/2022/wot/td/v1.1", "@type": "tm:ThingModel",
             "title": "Lamp", "support": "mailto:a@example.org",
             "properties": {"power": {"type": "number", "unit": "watt", "readOnly": true},
                            "level": {"type": "integer", "minimum": 0, "maximum": 100}},
             "actions": {"toggle": {"title": "Toggle"}}}
            """);
    Path dtdl =
        file(
            "tank.json",
            """
            {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:WaterTank;1",
             "@type": "Interface", "contents": [
               {"@type": ["Telemetry", "Volume"], "name": "volume", "schema": "double",
                "unit": "litre"},
               {"@type": "Command", "name": "empty",
                "request": {"name": "litres", "schema": "integer"}}]}
            """);

    assertThat(run("import", thing.toString(), dtdl.toString())).isZero();

    assertThat(out)
        .isEqualTo("lamp: created\nwater-tank: created\n2 created, 0 changed, 0 unchanged\n");
    assertThat(err)
        .isEqualTo(
            "signalbox types import: "
                + thing
                + "#/support: has no counterpart\nsignalbox types import: "
                + dtdl
                + "#/contents/0/@type: the semantic type Volume has no counterpart\n");
    assertThat(hub.send("GET", "/types/lamp", "")).contains("\"power\":{\"unit\":\"W\"");
    assertThat(run("import", "--dry-run", thing.toString(), dtdl.toString())).isZero();
    assertThat(run("import", "--dry-run", "--name", "desk lamp", thing.toString())).isEqualTo(1);
    assertThat(out).startsWith("desk lamp: new\n");
    assertThat(run("import", "--name", "x", thing.toString(), dtdl.toString())).isEqualTo(64);
    assertThat(run("import", "--name", "a/b", thing.toString())).isEqualTo(64);
  }

  @Test
  void mistakes_have_documented_exit_codes_and_one_line() throws Exception {
    String file = file("types.yaml", TYPES).toString();

    failed(64, "signalbox types import: FILE: value missing", "import");
    failed(
        64,
        "signalbox types export: --format: must be yaml or json, is xml",
        "export",
        "--format=xml");
    failed(64, "signalbox types export: --hub: expected a URL", "export", "--hub=nowhere");
    failed(
        3,
        "signalbox types export: the hub at http://127.0.0.1:1 cannot be reached",
        "export",
        "--hub=http://127.0.0.1:1");
    failed(3, "signalbox types export: the hub at", "export", "unknown");
    failed(3, "signalbox types import: the hub at", "import", "--key=wrong", file);
    failed(
        65,
        "signalbox types import: " + file("b.yaml", "a: [") + ":1:",
        "import",
        folder.resolve("b.yaml").toString());
    failed(
        65,
        "signalbox types import: " + file + "#/types/valve: also defined at",
        "import",
        file,
        file);
    failed(
        66, "signalbox types import: /nowhere/x.yaml does not exist", "import", "/nowhere/x.yaml");
    failed(
        66, "signalbox types import: " + folder + " cannot be read", "import", folder.toString());
    failed(
        74,
        "signalbox types export: /nowhere/x.yaml cannot be written",
        "export",
        "--output=/nowhere/x.yaml");
  }

  private void failed(int exitCode, String line, String... arguments) {
    assertThat(run(arguments)).as(line).isEqualTo(exitCode);
    assertThat(err).startsWith(line).hasLineCount(1);
    assertThat(out).isEmpty();
  }

  private static Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static int version(String type) throws IOException, InterruptedException {
    return JsonText.read(hub.send("GET", "/types/" + type, "")).path("version").intValue();
  }

  private int run(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    String line = String.join(" ", words);
    if (!line.contains("--hub")) {
      arguments.addAll(List.of("--hub", hub.url()));
    }
    if (!line.contains("--key")) {
      arguments.addAll(List.of("--key", RunningHub.KEY));
    }
    StringWriter printed = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine command = TypesCommand.commandLine();
    command.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(errors, true));
    int exitCode = command.execute(arguments.toArray(String[]::new));
    out = printed.toString();
    err = errors.toString();
    return exitCode;
  }
}
