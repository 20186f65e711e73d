package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.access.Scope;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TypesApiTest {
  private static final String TYPES = "/api/v1/types";
  private static final String VALVE = TYPES + "/valve";

  private static final String DOCUMENT =
      "{\"metrics\":{\"flow\":{\"unit\":\"L/min\",\"max\":40.0}},\"offlineAfter\":900}";

  @StartHub private TestHub hub;

  @Test
  void a_type_is_defined_read_and_replaced() {
    ApiResponse made = hub.admin().put(VALVE, DOCUMENT).is(201);
    assertThat(made.header("Location")).isEqualTo(VALVE);
    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    assertThat(made.body())
        .isEqualTo(
            "{\"type\":\"valve\",\"version\":1,\"changed\":"
                + hub.now.get()
                + ",\"by\":\"admin\","
                + DOCUMENT.substring(1));
    assertThat(hub.admin().get(VALVE).is(200).body()).isEqualTo(made.body());
    hub.admin().with("If-None-Match", "\"1\"").get(VALVE).is(304);

    ApiResponse replaced = hub.admin().put(VALVE, "{}").is(200);
    assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
    assertThat(hub.admin().get(VALVE).is(200).json().has("metrics")).isFalse();
  }

  @Test
  void what_was_read_can_be_sent_back_unchanged() {
    String body = hub.admin().put(VALVE, DOCUMENT).is(201).body();

    assertThat(hub.admin().put(VALVE, body).is(200).body()).isEqualTo(body);
    hub.admin().put(TYPES + "/pump", body).refuses(400, "invalid").withField("type");
  }

  @Test
  void a_merge_patch_changes_a_part() {
    hub.admin().put(VALVE, DOCUMENT).is(201);

    ApiResponse patched =
        hub.admin()
            .patch(VALVE, "{\"offlineAfter\":null,\"metrics\":{\"flow\":{\"label\":\"Flow\"}}}")
            .is(200);

    assertThat(patched.header("ETag")).isEqualTo("\"2\"");
    assertThat(patched.body())
        .endsWith("\"metrics\":{\"flow\":{\"unit\":\"L/min\",\"max\":40.0,\"label\":\"Flow\"}}}");
    hub.admin()
        .patch(VALVE, "{\"strict\":\"maybe\"}")
        .refuses(400, "invalid")
        .withDetail("/strict must be one of accept, tag, refuse");
    hub.admin().patch(TYPES + "/pump", "{}").refuses(404, "unknown-device-type");
  }

  @Test
  void every_fault_of_a_definition_is_listed() {
    JsonNode problem =
        hub.admin()
            .put(VALVE, "{\"metrics\":{\"flow\":{\"kind\":\"n\"}},\"strct\":\"tag\"}")
            .refuses(400, "invalid")
            .json();

    assertThat(problem.path("errors").findValuesAsText("pointer"))
        .containsExactly("/strct", "/metrics/flow/kind");
    assertThat(problem.at("/errors/1/detail").asText())
        .isEqualTo("must be one of number, boolean, text, enum, object, is \"n\"");
    hub.admin().get(VALVE).refuses(404, "unknown-device-type");
    hub.admin().put(VALVE, "[]").refuses(400, "invalid");
    hub.admin().put(VALVE, "{").refuses(400, "malformed");
  }

  /** Large bodies are parsed on a worker thread. */
  @Test
  void a_large_body_is_parsed_and_refused_like_a_small_one() {
    String metrics =
        IntStream.range(0, 90)
            .mapToObj(i -> "\"m" + i + "\":{\"description\":\"" + "x".repeat(1_000) + "\"}")
            .collect(Collectors.joining(",", "{\"metrics\":{", "}"));
    hub.admin().put("/api/v1/types/large", metrics).refuses(400, "malformed");
    hub.admin().put("/api/v1/types/large", metrics + "}").is(201);
    hub.admin().put("/api/v1/types/large", metrics + ",\"x\":1}").refuses(400, "invalid");
    hub.admin().patch("/api/v1/types/large", metrics + "}").is(200);
    hub.admin().post("/api/v1/devices", " ".repeat(70_000) + "{\"id\":\"v-9\"}").is(201);
  }

  @Test
  void preconditions_are_checked() {
    under("If-Match", "*").put(VALVE, "{}").refuses(412, "precondition-failed");
    under("If-Match", "\"1\"").put(VALVE, "{}").refuses(412, "precondition-failed");
    under("If-None-Match", "*").put(VALVE, "{}").is(201);
    under("If-None-Match", "*").put(VALVE, DOCUMENT).refuses(412, "precondition-failed");
    under("If-Match", "\"2\"")
        .patch(VALVE, DOCUMENT)
        .refuses(412, "precondition-failed")
        .withDetail("type valve is at version 1; expected 2; the ETag is now \"1\"");
    under("If-Match", "W/\"1\"").patch(VALVE, DOCUMENT).is(200);
    under("If-Match", "\"1\"").delete(VALVE).refuses(412, "precondition-failed");
    under("If-Match", "\"2\"").delete(VALVE).is(204);
  }

  private ApiClient under(String header, String tags) {
    return hub.admin().with(header, tags);
  }

  @Test
  void a_deleted_type_is_gone_and_its_versions_are_kept() {
    hub.admin().put(VALVE, DOCUMENT).is(201);
    hub.admin().delete(VALVE).is(204);

    hub.admin().get(VALVE).refuses(404, "unknown-device-type");
    hub.admin().delete(VALVE).refuses(404, "unknown-device-type");
    JsonNode versions = hub.admin().get(VALVE + "/versions").is(200).json();
    assertThat(versions.path("total").intValue()).isEqualTo(2);
    assertThat(versions.at("/items/0/deleted").booleanValue()).isTrue();
    assertThat(versions.at("/items/1/metrics/flow/unit").asText()).isEqualTo("L/min");
    assertThat(hub.admin().put(VALVE, "{}").is(201).header("ETag")).isEqualTo("\"3\"");
    hub.admin().get(TYPES + "/pump/versions").refuses(404, "unknown-device-type");
  }

  @Test
  void types_are_listed_by_name_in_pages() {
    hub.admin().put(VALVE, DOCUMENT).is(201);
    hub.admin().put(TYPES + "/Soil%20sensor", "{}").is(201);

    JsonNode first = hub.admin().get(TYPES + "?limit=1").is(200).json();
    JsonNode second =
        hub.admin()
            .get(TYPES + "?limit=1&cursor=" + first.path("next").asText().replace(" ", "%20"))
            .is(200)
            .json();

    assertThat(first.at("/items/0/type").asText()).isEqualTo("Soil sensor");
    assertThat(second.at("/items/0/metrics/flow/unit").asText()).isEqualTo("L/min");
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(second.path("total").intValue()).isEqualTo(2);
    hub.admin().get(TYPES + "/Soil%20sensor").is(200);
  }

  @Test
  void an_unusable_name_is_refused() {
    hub.admin().put(TYPES + "/" + "x".repeat(65), "{}").refuses(400, "invalid").withField("type");
    hub.admin().put(TYPES + "/a%07", "{}").refuses(400, "invalid").withField("type");
  }

  @Test
  void the_scopes_are_those_of_devices() {
    hub.program(Scope.DEVICES_READ).put(VALVE, "{}").is(403);
    hub.program(Scope.DEVICES_WRITE).put(VALVE, "{}").is(201);
    hub.program(Scope.DEVICES_READ).get(VALVE).is(200);
    hub.program(Scope.TELEMETRY_READ).get(VALVE).is(403);
    hub.program(Scope.DEVICES_READ).delete(VALVE).is(403);
  }
}
