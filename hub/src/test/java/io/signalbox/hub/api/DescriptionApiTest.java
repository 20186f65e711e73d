package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.model.Refusal;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What devices say of themselves, alone and together with a type. */
@SuppressWarnings("NullAway.Init") // set before each test
class DescriptionApiTest {
  private static final String DEVICE = "/api/v1/devices/v-1";
  private static final String DESCRIPTION = DEVICE + "/description";
  private static final String COMMANDS = DEVICE + "/commands";

  private static final String OWN =
      """
      {"firmware": "2.1.0", "serial": "V-0017",
       "metrics": {"flow": {"unit": "L/min", "kind": "number"}},
       "commands": {
         "open": {"params": {"type": "object",
                    "properties": {"minutes": {"type": "integer", "maximum": 120}},
                    "required": ["minutes"]},
                  "ttl": 60},
         "close": {}},
       "twin": {"desired": {"properties": {"mode": {"enum": ["auto", "manual"]}}}}}
      """;

  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.admin().post("/api/v1/devices", "{\"id\":\"v-1\",\"type\":\"valve\"}").is(201);
  }

  private long describe(String device, String text) {
    return answer(hub.services.descriptions().put(device, text)).version();
  }

  private JsonNode described() {
    return hub.admin().get(DESCRIPTION).is(200).json();
  }

  @Test
  void a_device_of_which_nothing_is_known_has_an_empty_description() {
    assertThat(described().toString())
        .isEqualTo("{\"device\":\"v-1\",\"type\":\"valve\",\"differences\":[]}");
    hub.admin().get("/api/v1/devices/nobody/description").refuses(404, "unknown-device");
    hub.admin().get("/api/v1/devices/nobody/description/versions").refuses(404, "unknown-device");
  }

  @Test
  void the_description_alone_gives_units_and_validates_commands_and_twins() {
    assertThat(describe("v-1", OWN)).isEqualTo(1);
    assertThat(describe("v-1", OWN.replace("\n", ""))).isEqualTo(1);

    String tag = hub.admin().get(DESCRIPTION).is(200).header("ETag");
    hub.admin().with("If-None-Match", String.valueOf(tag)).get(DESCRIPTION).is(304);
    JsonNode shown = described();
    assertThat(shown.at("/described/version").intValue()).isEqualTo(1);
    assertThat(shown.at("/metrics/flow/unit").asText()).isEqualTo("L/min");
    assertThat(shown.at("/firmware").asText()).isEqualTo("2.1.0");
    assertThat(shown.has("typeVersion")).isFalse();
    hub.admin()
        .post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":500}}")
        .refuses(422, "invalid-params")
        .withDetail("params of 'open' do not fit the description: /minutes must be at most 120");
    JsonNode command =
        hub.admin().post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":5}}").is(202).json();
    assertThat(command.path("expires").longValue() - command.path("created").longValue())
        .isEqualTo(60_000);
    hub.admin()
        .patch(DEVICE + "/twin/desired", "{\"mode\":\"off\"}")
        .refuses(422, "invalid-params");
  }

  @Test
  void the_entity_tag_changes_with_units_of_readings_and_with_a_device_of_the_same_id() {
    describe("v-1", OWN);
    String first = tag();
    hub.units.note("v-1", Map.of("count", "count"));
    await().until(() -> described().at("/metrics/count").has("unit"));
    String withUnits = tag();

    hub.admin().delete(DEVICE).is(204);
    register();
    describe("v-1", OWN.replace("120", "90"));

    assertThat(Set.of(first, withUnits, tag())).hasSize(3);
  }

  private String tag() {
    return String.valueOf(hub.admin().get(DESCRIPTION).is(200).header("ETag"));
  }

  @Test
  void the_type_wins_and_the_difference_is_shown() {
    describe("v-1", OWN);
    hub.admin()
        .put(
            "/api/v1/types/valve",
            "{\"metrics\":{\"flow\":{\"unit\":\"m3/h\",\"label\":\"Flow\"}},\"commands\":"
                + "{\"open\":{\"params\":{\"properties\":{\"minutes\":{\"maximum\":30}}}}}}")
        .is(201);

    JsonNode shown = described();
    assertThat(shown.at("/typeVersion").intValue()).isEqualTo(1);
    assertThat(shown.at("/metrics/flow").toString())
        .isEqualTo("{\"unit\":\"m3/h\",\"label\":\"Flow\",\"kind\":\"number\"}");
    assertThat(shown.at("/commands/open/ttl").intValue()).isEqualTo(60);
    assertThat(shown.path("differences").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/metrics/flow/unit", "/commands/open/params");
    assertThat(shown.path("differences").get(0).toString())
        .isEqualTo("{\"pointer\":\"/metrics/flow/unit\",\"type\":\"m3/h\",\"device\":\"L/min\"}");
    hub.admin()
        .post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":31}}")
        .refuses(422, "invalid-params")
        .withDetail("the type valve with the device's description: /minutes must be at most 30");
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").is(202);

    hub.admin().delete("/api/v1/types/valve").is(204);
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").refuses(422, "invalid-params");
  }

  @Test
  void a_new_description_applies_at_once_and_the_old_one_is_kept() {
    describe("v-1", OWN);
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").refuses(422, "invalid-params");

    assertThat(describe("v-1", "{\"firmware\":\"3\"}")).isEqualTo(2);

    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").is(202);
    JsonNode page = hub.admin().get(DESCRIPTION + "/versions?limit=1").is(200).json();
    assertThat(page.path("items").get(0).path("firmware").asText()).isEqualTo("3");
    assertThat(page.path("total").intValue()).isEqualTo(2);
    JsonNode rest =
        hub.admin()
            .get(DESCRIPTION + "/versions?cursor=" + page.path("next").asText())
            .is(200)
            .json();
    assertThat(rest.path("items").get(0).path("firmware").asText()).isEqualTo("2.1.0");
  }

  @Test
  void a_description_ends_with_its_device() {
    describe("v-1", OWN);
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").refuses(422, "invalid-params");
    hub.admin().delete(DEVICE).is(204);
    register();

    assertThat(described().has("described")).isFalse();
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").is(202);
  }

  @Test
  void a_refusal_names_every_fault_and_keeps_the_present_description() {
    describe("v-1", OWN);
    Refusal refusal =
        refusal(
            hub.services
                .descriptions()
                .put(
                    "v-1",
                    "{\"firmware\":7,\"vendor\":\"x\",\"metrics\":{\"flow\":{\"decimals\":99}},"
                        + "\"commands\":{\"open\":{\"params\":{\"type\":\"no\"}}}}"));

    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.INVALID);
    assertThat(refusal.field()).isEqualTo("description");
    assertThat(refusal.faults())
        .extracting(fault -> fault.pointer())
        .contains("/firmware", "/vendor", "/metrics/flow/decimals", "/commands/open/params/type");
    assertThat(described().at("/described/version").intValue()).isEqualTo(1);
  }

  @Test
  void devices_of_one_firmware_are_still_validated_one_by_one() {
    describe("v-1", OWN);
    Refusal refusal =
        refusal(
            hub.services
                .descriptions()
                .put("v-1", OWN.replace("\"V-0017\"", "7").replace("2.1.0", "2.2.0")));

    assertThat(refusal.faults()).extracting(fault -> fault.pointer()).containsExactly("/serial");
  }

  @Test
  void a_description_that_makes_a_type_too_large_is_ignored_by_its_rules() {
    String metrics =
        IntStream.range(0, 400)
            .mapToObj(i -> "\"%s" + i + "\":{}")
            .collect(Collectors.joining(",", "{\"metrics\":{", "}"));
    describe("v-1", metrics.replace("%s", "a") + "}");
    hub.admin()
        .put(
            "/api/v1/types/valve",
            metrics.replace("%s", "b")
                + ",\"commands\":{\"open\":{\"params\":{\"required\":[\"minutes\"]}}}}")
        .is(201);

    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").refuses(422, "invalid-params");
    assertThat(described().path("metrics")).hasSize(800);
  }
}
