package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Units of metrics in latest values and history. */
@SuppressWarnings("NullAway.Init") // set before each test
class UnitsApiTest {
  private static final String DEVICE = "/api/v1/devices/v-1";
  private static final String RANGE = "&from=0";

  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.admin().post("/api/v1/devices", "{\"id\":\"v-1\",\"type\":\"valve\"}").is(201);
    hub.readings("v-1", "flow", 2);
    hub.readings("v-1", "count", 1);
  }

  private JsonNode history(String metric) {
    return hub.admin().get(DEVICE + "/telemetry?metric=" + metric + RANGE).is(200).json();
  }

  private String csv(String query) {
    return hub.admin()
        .with("Accept", "text/csv")
        .get(DEVICE + "/telemetry?" + query + RANGE)
        .is(200)
        .body();
  }

  @Test
  void without_units_nothing_is_added() {
    assertThat(history("flow").has("unit")).isFalse();
    assertThat(csv("metric=flow")).startsWith("ts,metric,value\r\n");
    assertThat(hub.admin().get(DEVICE + "/telemetry/latest").json().at("/metrics/flow").has("unit"))
        .isFalse();
  }

  @Test
  void units_of_type_and_description_are_in_history_and_latest() {
    answer(
        hub.services
            .descriptions()
            .put("v-1", "{\"metrics\":{\"flow\":{\"unit\":\"m3/h\"},\"count\":{\"unit\":\"1\"}}}"));
    hub.admin().put("/api/v1/types/valve", "{\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}").is(201);

    assertThat(history("flow").path("unit").asText()).isEqualTo("L/min");
    assertThat(history("count").path("unit").asText()).isEqualTo("1");
    assertThat(csv("metric=flow")).startsWith("ts,metric,value [L/min]\r\n");
    assertThat(csv("metric=flow&metric=count")).startsWith("ts,metric,value\r\n");
    JsonNode latest = hub.admin().get(DEVICE + "/telemetry/latest").is(200).json();
    assertThat(latest.at("/metrics/flow/unit").asText()).isEqualTo("L/min");
    assertThat(latest.at("/metrics/count/unit").asText()).isEqualTo("1");
  }

  @Test
  void units_of_readings_fill_in_what_nobody_described() {
    hub.units.note("v-1", Map.of("flow", "m3/s", "count", "count"));
    await().until(() -> history("count").has("unit"));
    hub.admin().put("/api/v1/types/valve", "{\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}").is(201);

    assertThat(history("flow").path("unit").asText()).isEqualTo("L/min");
    assertThat(history("count").path("unit").asText()).isEqualTo("count");
    JsonNode description = hub.admin().get(DEVICE + "/description").is(200).json();
    assertThat(description.at("/metrics/count/unit").asText()).isEqualTo("count");
    assertThat(description.at("/metrics/flow/unit").asText()).isEqualTo("L/min");
  }

  @Test
  void units_are_in_the_latest_values_of_a_list() {
    hub.device("plain");
    hub.readings("plain", "flow", 2);
    assertThat(hub.admin().get("/api/v1/devices?include=latest").is(200).json().toString())
        .contains("\"flow\":{\"ts\"")
        .doesNotContain("unit");

    answer(
        hub.services
            .descriptions()
            .put("v-1", "{\"metrics\":{\"flow\":{\"unit\":\"m3/h\"},\"count\":{\"unit\":\"1\"}}}"));
    hub.admin().put("/api/v1/types/valve", "{\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}").is(201);
    hub.units.note("plain", Map.of("flow", "m3/s"));

    await().until(() -> latest("plain").at("/flow/unit").asText().equals("m3/s"));
    assertThat(latest("v-1").at("/flow/unit").asText()).isEqualTo("L/min");
    assertThat(latest("v-1").at("/count/unit").asText()).isEqualTo("1");
    JsonNode one = hub.admin().get(DEVICE + "?include=latest").is(200).json().path("latest");
    assertThat(one).isEqualTo(latest("v-1"));
  }

  /** The latest values of a device in a list. */
  private JsonNode latest(String device) {
    JsonNode list = hub.admin().get("/api/v1/devices?include=latest").is(200).json().path("items");
    for (JsonNode shown : list) {
      if (shown.path("id").asText().equals(device)) {
        return shown.path("latest");
      }
    }
    throw new AssertionError(list);
  }

  @Test
  void a_unit_that_alternates_is_not_written_each_time() {
    hub.units.note("v-1", Map.of("flow", "Pa"));
    await().until(() -> history("flow").path("unit").asText().equals("Pa"));
    hub.units.note("v-1", Map.of("flow", "bar"));
    hub.units.note("v-1", Map.of("flow", "Pa"));
    assertThat(history("flow").path("unit").asText()).isEqualTo("bar");

    hub.now.advance(60_000);
    hub.units.note("v-1", Map.of("flow", "Pa", "other", "x".repeat(33)));
    assertThat(history("flow").path("unit").asText()).isEqualTo("Pa");
    assertThat(hub.admin().get(DEVICE + "/description").json().path("metrics").has("other"))
        .isFalse();
  }
}
