package io.signalbox.hub.api;

import io.signalbox.hub.StartHub;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid queries and bodies, and the expected errors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final String DEVICE = "/api/v1/devices/pump-7";
  private static final String HISTORY = DEVICE + "/telemetry?metric=t&";
  private static final String COMMANDS = DEVICE + "/commands";

  @StartHub private static TestHub hub;

  /** A request and its expected error. An empty field means that none is named. */
  record Row(String method, String path, String body, int status, String code, String field) {
    static Row get(String path, int status, String code, String field) {
      return new Row("GET", path, "", status, code, field);
    }

    static Row post(String path, String body, String field) {
      return new Row("POST", path, body, 400, "invalid", field);
    }

    static Row patch(String path, String body, String field) {
      return new Row("PATCH", path, body, 400, "invalid", field);
    }
  }

  @BeforeAll
  void register() {
    hub.device("pump-7");
  }

  static Stream<Row> queries() {
    return Stream.of(
        Row.get("/api/v1/devices?limit=0", 400, "invalid", "limit"),
        Row.get("/api/v1/devices?limit=1001", 400, "invalid", "limit"),
        Row.get("/api/v1/devices?limit=ten", 400, "invalid", "limit"),
        Row.get("/api/v1/devices?limit=1&limit=2", 400, "invalid", "limit"),
        Row.get("/api/v1/devices?sort=colour", 400, "invalid", "sort"),
        Row.get("/api/v1/devices?presence=ONLINE", 400, "invalid", "presence"),
        Row.get("/api/v1/devices?label=ghent", 400, "invalid", "label"),
        Row.get("/api/v1/devices?include=all", 400, "invalid", "include"),
        Row.get("/api/v1/devices?cursor=nonsense", 400, "invalid", "cursor"),
        Row.get("/api/v1/devices/nobody", 404, "unknown-device", ""),
        Row.get("/api/v1/devices/nobody/presence", 404, "unknown-device", ""),
        Row.get("/api/v1/devices/nobody/twin", 404, "unknown-device", ""),
        Row.get("/api/v1/devices/nobody/commands", 404, "unknown-device", ""),
        Row.get("/api/v1/devices/nobody/metrics", 404, "unknown-device", ""),
        Row.get("/api/v1/devices/nobody/telemetry", 404, "unknown-device", ""),
        Row.get("/api/v1/devices/nobody/telemetry/latest", 404, "unknown-device", ""),
        Row.get(HISTORY + "from=yesterday", 400, "invalid", "from"),
        Row.get(HISTORY + "to=2026-13-01T00:00:00Z", 400, "invalid", "to"),
        Row.get(HISTORY + "to=99999999999999999999", 400, "invalid", "to"),
        Row.get(HISTORY + "from=2&to=1", 400, "invalid", "from"),
        Row.get(HISTORY + "points=0", 400, "invalid", "points"),
        Row.get(HISTORY + "points=10001", 400, "invalid", "points"),
        Row.get(HISTORY + "points=1.5", 400, "invalid", "points"),
        Row.get(HISTORY + "points=5&aggregate=median", 400, "invalid", "aggregate"),
        Row.get(HISTORY + "aggregate=avg", 400, "invalid", "aggregate"),
        Row.get(HISTORY + "limit=100001", 400, "invalid", "limit"),
        Row.get(COMMANDS + "?state=done", 400, "invalid", "state"),
        Row.get("/api/v1/commands/nothing", 404, "unknown-command", ""),
        Row.get("/api/v1/commands/nothing?wait=61", 400, "invalid", "wait"),
        Row.get("/api/v1/commands/nothing?wait=-1", 400, "invalid", "wait"),
        Row.get("/api/v1/commands/nothing?since=later", 400, "invalid", "since"));
  }

  static Stream<Row> bodies() {
    return Stream.of(
        Row.post("/api/v1/devices", "17", ""),
        Row.post("/api/v1/devices", "{}", "id"),
        Row.post("/api/v1/devices", "{\"id\":null}", "id"),
        Row.post("/api/v1/devices", "{\"id\":17}", "id"),
        Row.post("/api/v1/devices", "{\"id\":\"-pump\"}", "id"),
        Row.post("/api/v1/devices", "{\"id\":\"" + "x".repeat(65) + "\"}", "id"),
        Row.post("/api/v1/devices", "{\"id\":\"a\",\"colour\":\"red\"}", "colour"),
        Row.post("/api/v1/devices", "{\"id\":\"a\",\"name\":true}", "name"),
        Row.post("/api/v1/devices", "{\"id\":\"a\",\"labels\":[]}", "labels"),
        Row.post("/api/v1/devices", "{\"id\":\"a\",\"labels\":{\"site\":1}}", "labels.site"),
        Row.post("/api/v1/devices", "{\"id\":\"a\",\"key\":\"short\"}", "key"),
        new Row("POST", "/api/v1/devices", "{\"id\":\"pump-7\"}", 409, "device-exists", "id"),
        Row.patch(DEVICE, "[]", ""),
        Row.patch(DEVICE, "{\"enabled\":\"no\"}", "enabled"),
        Row.patch(DEVICE, "{\"enabled\":null}", "enabled"),
        Row.patch(DEVICE, "{\"labels\":{\"site\":false}}", "labels.site"),
        Row.patch(DEVICE, "{\"id\":\"other\"}", "id"),
        new Row("PATCH", "/api/v1/devices/nobody", "{}", 404, "unknown-device", ""),
        new Row("DELETE", "/api/v1/devices/nobody", "", 404, "unknown-device", ""),
        Row.post(DEVICE + "/key", "{\"key\":\"short\"}", "key"),
        Row.post(DEVICE + "/key", "{\"keys\":1}", "keys"),
        Row.patch(DEVICE + "/twin/desired", "17", "desired"),
        Row.post(COMMANDS, "{}", "name"),
        Row.post(COMMANDS, "{\"name\":\"\"}", "name"),
        Row.post(COMMANDS, "{\"name\":\"x\",\"params\":[]}", "params"),
        Row.post(COMMANDS, "{\"name\":\"x\",\"ttl\":0}", "ttl"),
        Row.post(COMMANDS, "{\"name\":\"x\",\"ttl\":2592001}", "ttl"),
        Row.post(COMMANDS, "{\"name\":\"x\",\"ttl\":1.5}", "ttl"),
        Row.post(COMMANDS, "{\"name\":\"x\",\"ttl\":\"1h\"}", "ttl"),
        Row.post(COMMANDS, "{\"name\":\"x\",\"notBefore\":\"soon\"}", "notBefore"),
        Row.post(COMMANDS, "{\"name\":\"x\",\"collapse\":1}", "collapse"),
        new Row(
            "POST",
            COMMANDS,
            "{\"name\":\"x\",\"params\":{\"a\":\"" + "x".repeat(16_384) + "\"}}",
            413,
            "too-large",
            "params"),
        new Row(
            "POST",
            "/api/v1/devices/nobody/commands",
            "{\"name\":\"x\"}",
            404,
            "unknown-device",
            ""),
        new Row("DELETE", "/api/v1/commands/nothing", "", 404, "unknown-command", ""),
        Row.post("/api/v1/keys", "{\"name\":\"x\"}", "scopes"),
        Row.post("/api/v1/keys", "{\"name\":\"x\",\"scopes\":[]}", "scopes"),
        Row.post("/api/v1/keys", "{\"name\":\"x\",\"scopes\":[7]}", "scopes[0]"),
        Row.post("/api/v1/keys", "{\"name\":\"x\",\"scopes\":[\"root\"]}", "scopes"),
        Row.post("/api/v1/keys", "{\"name\":\"\",\"scopes\":[\"admin\"]}", "name"),
        new Row("DELETE", "/api/v1/keys/nothing", "", 404, "not-found", ""),
        Row.post("/api/v1/session", "{}", "key"));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void an_invalid_query_is_refused_with_the_parameter_named(Row row) {
    check(row, hub.admin().get(row.path()));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void an_invalid_body_is_refused_with_the_field_named(Row row) {
    ApiClient caller = hub.admin().with("Content-Type", "application/json");
    check(row, caller.call(row.method(), row.path(), row.body()));
  }

  private static void check(Row row, ApiResponse reply) {
    reply.refuses(row.status(), row.code());
    if (!row.field().isEmpty()) {
      reply.withField(row.field());
    }
  }
}
