package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwinApiTest {
  private static final String TWIN = "/api/v1/devices/pump-7/twin";

  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.device("pump-7");
  }

  @Test
  void a_new_device_has_an_empty_twin() {
    ApiResponse twin = hub.admin().get(TWIN).is(200);

    assertThat(twin.body())
        .isEqualTo(
            "{\"device\":\"pump-7\",\"desired\":{\"version\":0,\"state\":{}},"
                + "\"reported\":{\"version\":0,\"state\":{}},\"delta\":{}}");
    assertThat(twin.header("ETag")).isEqualTo("\"0-0\"");
    hub.admin().with("If-None-Match", "\"0-0\"").get(TWIN).is(304);
  }

  @Test
  void a_merge_patch_changes_the_desired_state_and_keeps_digits() {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1.50,\"mode\":\"eco\"}").is(200);
    ApiResponse twin = hub.admin().patch(TWIN + "/desired", "{\"mode\":null}").is(200);

    assertThat(twin.body()).contains("\"desired\":{\"version\":2,\"state\":{\"speed\":1.50}}");
    assertThat(twin.header("ETag")).isEqualTo("\"2-0\"");
  }

  @Test
  void a_change_of_an_outdated_version_is_refused() {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1}").is(200);

    hub.admin()
        .with("If-Match", "\"0-0\"")
        .patch(TWIN + "/desired", "{\"speed\":2}")
        .refuses(412, "precondition-failed")
        .withDetail("desired is at version 1; expected 0");
    hub.admin()
        .with("If-Match", "latest")
        .patch(TWIN + "/desired", "{\"speed\":2}")
        .refuses(400, "invalid")
        .withField("If-Match");
    hub.admin().with("If-Match", "*").patch(TWIN + "/desired", "{\"speed\":2}").is(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1-0\"",
        "\"7-7\", \"1-0\"",
        "\"7-7\",\"1-9\",\"0-0\"",
        "\"of another, with a comma\", \"1-0\"",
        "W/\"1-0\"",
        "W/\"7-7\", W/\"1-0\"",
        "\"1-0-gzip\"",
        "\"1\"",
        "1-0",
        "*",
      })
  void a_condition_holds_if_one_of_its_tags_names_the_version(String ifMatch) {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1}").is(200);

    hub.admin().with("If-Match", ifMatch).patch(TWIN + "/desired", "{\"speed\":2}").is(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"7-7\", \"0-0\" | expected 0 or 7",
        "W/\"0-1\" | expected 0",
        "\"latest\" | expected an entity tag that no version has",
      })
  void a_condition_without_a_matching_tag_fails(String ifMatch, String said) {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1}").is(200);

    hub.admin()
        .with("If-Match", ifMatch)
        .patch(TWIN + "/desired", "{\"speed\":2}")
        .refuses(412, "precondition-failed")
        .withDetail("desired is at version 1; " + said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "\"1-0", "\"1-0\" \"2-0\"", "*, \"1-0\"", ","})
  void a_malformed_condition_is_refused(String ifMatch) {
    hub.admin()
        .with("If-Match", ifMatch)
        .patch(TWIN + "/desired", "{\"speed\":2}")
        .refuses(400, "invalid")
        .withField("If-Match");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"9-9\", \"0-0\"", "W/\"0-0\"", "\"9-9\",W/\"0-0\"", "\"0-0-gzip\"", "*"})
  void a_list_of_etags_or_a_weak_etag_matches(String ifNoneMatch) {
    hub.admin().with("If-None-Match", ifNoneMatch).get(TWIN).is(304);
    hub.admin().with("If-None-Match", "\"9-9\", \"0-1\"").get(TWIN).is(200);
  }

  @Test
  void a_report_in_the_meantime_is_no_conflict() {
    answer(hub.services.twins().patchReported("pump-7", "{\"speed\":1}"));

    JsonNode twin =
        hub.admin()
            .with("If-Match", "\"0-0\"")
            .patch(TWIN + "/desired", "{\"speed\":2}")
            .is(200)
            .json();

    assertThat(twin.at("/desired/version").intValue()).isEqualTo(1);
    assertThat(twin.at("/reported/version").intValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-0.0",
        "-0",
        "1e400",
        "1E-400",
        "1.10",
        "9007199254740993",
        "123456789012345678901234567890",
        "3.14159265358979323846264338327950288",
      })
  void a_number_comes_back_exactly_as_it_was_written(String number) {
    hub.admin().patch(TWIN + "/desired", "{\"n\":" + number + "}").is(200);
    answer(hub.services.twins().patchReported("pump-7", "{\"m\":[" + number + "]}"));

    assertThat(hub.admin().get(TWIN).is(200).body())
        .contains("\"desired\":{\"version\":1,\"state\":{\"n\":" + number + "}}")
        .contains("\"reported\":{\"version\":1,\"state\":{\"m\":[" + number + "]}}")
        .contains("\"delta\":{\"n\":" + number + "}");
    assertThat(hub.admin().get(TWIN + "/history?side=desired").is(200).body())
        .contains("\"patch\":{\"n\":" + number + "}");
  }

  @Test
  void the_delta_is_the_part_that_is_not_reported() {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":2,\"mode\":{\"eco\":true}}").is(200);
    answer(
        hub.services
            .twins()
            .patchReported("pump-7", "{\"speed\":2.0,\"mode\":{\"eco\":false,\"x\":1}}"));

    assertThat(hub.admin().get(TWIN).is(200).body())
        .endsWith(",\"delta\":{\"mode\":{\"eco\":true}}}");
  }

  @Test
  void the_history_lists_changes_with_their_authors_in_pages() {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1}").is(200);
    hub.admin().patch(TWIN + "/desired", "{\"speed\":null,\"mode\":\"eco\"}").is(200);
    answer(hub.services.twins().patchReported("pump-7", "{\"mode\":\"eco\"}"));

    JsonNode first = hub.admin().get(TWIN + "/history?limit=2").is(200).json();
    assertThat(first.at("/items/0/side").asText()).isEqualTo("reported");
    assertThat(first.at("/items/0/by").asText()).isEqualTo("pump-7");
    assertThat(first.at("/items/1").toString())
        .isEqualTo(
            "{\"side\":\"desired\",\"version\":2,\"ts\":"
                + hub.now.get()
                + ",\"by\":\"admin\",\"patch\":{\"speed\":null,\"mode\":\"eco\"}}");
    String next = first.path("next").asText();
    JsonNode second = hub.admin().get(TWIN + "/history?limit=2&cursor=" + next).is(200).json();
    assertThat(second.path("items")).hasSize(1);
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(hub.admin().get(TWIN + "/history?side=reported").is(200).json().path("items"))
        .hasSize(1);
  }

  @Test
  void an_invalid_history_query_is_refused_with_the_parameter_named() {
    hub.admin().get(TWIN + "/history?side=both").refuses(400, "invalid").withField("side");
    hub.admin().get(TWIN + "/history?cursor=%20").refuses(400, "invalid").withField("cursor");
    hub.admin().get(TWIN + "/history?limit=0").refuses(400, "invalid").withField("limit");
    hub.admin().get("/api/v1/devices/nobody/twin/history").refuses(404, "unknown-device");
  }

  @Test
  void an_invalid_patch_is_refused_with_the_reason() {
    hub.admin()
        .patch(TWIN + "/desired", "{\"a\":}")
        .refuses(400, "malformed")
        .withDetail("desired at line 1, column 6");
    hub.admin().patch(TWIN + "/desired", "[]").refuses(400, "invalid").withField("desired");
    hub.admin().patch(TWIN + "/desired", "").refuses(400, "malformed");
    String long32 = "{\"a\":\"" + "x".repeat(32 * 1024) + "\"}";
    hub.admin()
        .patch(TWIN + "/desired", long32)
        .refuses(413, "too-large")
        .withDetail("the patch of desired has 32776 bytes; expected at most 32768");
    String deep = "{\"a\":".repeat(32) + "{}" + "}".repeat(32);
    hub.admin()
        .patch(TWIN + "/desired", deep)
        .refuses(400, "invalid")
        .withDetail("at most 32 levels");
  }

  @Test
  void a_device_registered_again_has_an_empty_twin() {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1}").is(200);
    hub.admin().delete("/api/v1/devices/pump-7").is(204);
    hub.device("pump-7");

    assertThat(hub.admin().get(TWIN).is(200).header("ETag")).isEqualTo("\"0-0\"");
    assertThat(hub.admin().get(TWIN + "/history").is(200).json().path("items")).isEmpty();
  }
}
