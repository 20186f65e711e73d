package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.StartHub;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosticsApiTest {
  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.device("pump-7");
  }

  @Test
  void entries_are_listed_newest_first_and_by_kind() {
    note(Kind.REFUSED, "disabled", "refused");
    hub.now.addAndGet(60_000);
    note(Kind.REFUSED, "disabled", "refused again");
    note(Kind.CHANGED, "enabled", "it was enabled");

    ApiResponse all = hub.admin().get("/api/v1/devices/pump-7/recorder").is(200);
    assertThat(all.json().path("items").findValuesAsText("kind"))
        .containsExactly("changed", "refused");
    String refused = hub.admin().get("/api/v1/devices/pump-7/recorder?kind=refused,gap").body();
    assertThat(refused)
        .isEqualTo(
            "{\"items\":[{\"ts\":1764000000000,\"kind\":\"refused\",\"code\":\"disabled\","
                + "\"text\":\"refused again\",\"node\":\"test\",\"count\":2,"
                + "\"last\":1764000060000}],\"next\":null,\"total\":1}");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=1001, limit",
    "limit=x, limit",
    "kind=arrived, kind",
    "'kind=refused,', kind",
    "cursor=hello, cursor",
    "cursor=1-2-3, cursor",
    "since=1, since"
  })
  void an_invalid_query_is_refused_with_the_parameter_named(String question, String field) {
    hub.admin()
        .get("/api/v1/devices/pump-7/recorder?" + question)
        .refuses(400, "invalid")
        .withField(field);
  }

  @Test
  void an_unknown_device_is_404() {
    hub.admin().get("/api/v1/devices/nobody/recorder").refuses(404, "unknown-device");
  }

  @Test
  void scopes_for_devices_or_commands_may_read_diagnostics() {
    hub.program(Scope.DEVICES_READ).get("/api/v1/devices/pump-7/recorder").is(200);
    hub.program(Scope.COMMANDS_WRITE).get("/api/v1/devices/pump-7/recorder").is(200);
    hub.program(Scope.TELEMETRY_READ)
        .get("/api/v1/devices/pump-7/recorder")
        .refuses(403, "forbidden");
    hub.anonymous().get("/api/v1/devices/pump-7/recorder").refuses(401, "unauthenticated");
  }

  @Test
  void a_device_and_a_command_are_explained() {
    hub.now.addAndGet(190_000);
    String made =
        hub.admin()
            .post("/api/v1/devices/pump-7/commands", "{\"name\":\"start\",\"ttl\":600}")
            .is(202)
            .json()
            .path("id")
            .asText();

    ApiResponse device = hub.program(Scope.DEVICES_READ).get("/api/v1/devices/pump-7/why").is(200);
    assertThat(device.json().path("summary").asText())
        .startsWith("pump-7 has never connected since it was registered 3 min 10 s ago; ")
        .endsWith("1 command waits for it: 'start', created 0 ms ago.");
    assertThat(device.json().path("presence").path("cause").asText()).isEqualTo("never-seen");
    ApiResponse command =
        hub.program(Scope.COMMANDS_WRITE).get("/api/v1/commands/" + made + "/why").is(200);
    assertThat(command.json().path("command").asText()).isEqualTo(made);
    assertThat(command.json().path("state").asText()).isEqualTo("queued");
    assertThat(command.json().path("queue").toString())
        .isEqualTo(
            "{\"queued\":1,\"sent\":0,\"accepted\":0,\"maxInFlight\":16,\"oldest\":1764000190000}");
    assertThat(command.json().path("recent").findValuesAsText("command")).containsExactly(made);
  }

  @Test
  void unknown_devices_and_commands_are_refused() {
    hub.admin().get("/api/v1/devices/nobody/why").refuses(404, "unknown-device");
    hub.admin().get("/api/v1/commands/nothing/why").refuses(404, "unknown-command");
    hub.admin().get("/api/v1/devices/pump-7/why?x=1").refuses(400, "invalid").withField("x");
    hub.program(Scope.TELEMETRY_READ)
        .get("/api/v1/devices/pump-7/why")
        .refuses(403, "forbidden")
        .withDetail("devices:read or commands:write");
    hub.anonymous().get("/api/v1/commands/nothing/why").refuses(401, "unauthenticated");
  }

  private void note(Kind kind, String code, String text) {
    hub.services.recorder().note("pump-7", kind, code, text, ConnectionInfo.UNKNOWN);
  }
}
