package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that describe themselves by PUT and in an exchange. */
@SuppressWarnings("NullAway.Init") // set before each test
class DescribedOverHttpTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final String FAULTY = "{\"firmware\":7,\"metrics\":{\"flow\":{\"decimals\":99}}}";

  @StartHub private static RunningHub hub;

  private String description;
  private TestHttpDevice device;

  @BeforeEach
  void register() {
    String id = "valve-" + DEVICES.incrementAndGet();
    device = new TestHttpDevice(hub.port(), hub.register(id));
    description = "/api/v1/devices/" + id + "/description";
  }

  @Test
  void a_put_answers_the_version_and_repeating_it_changes_nothing() {
    String body = "{\"firmware\":\"2.1\",\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}";

    assertThat(device.put("description", body).is(200).text()).isEqualTo("{\"version\":1}");
    assertThat(device.put("description", body).is(200).text()).isEqualTo("{\"version\":1}");
    assertThat(device.put("description", "{}").is(200).text()).isEqualTo("{\"version\":2}");
    assertThat(device.put("description", body).is(200).text()).isEqualTo("{\"version\":3}");
    assertThat(hub.get(description).at("/metrics/flow/unit").asText()).isEqualTo("L/min");
  }

  @Test
  void a_refused_put_lists_every_fault() {
    JsonNode problem = device.put("description", FAULTY).is(400).json();

    assertThat(problem.path("code").asText()).isEqualTo("invalid");
    assertThat(problem.path("field").asText()).isEqualTo("description");
    assertThat(problem.path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/firmware", "/metrics/flow/decimals");
    device.put("description", "[]").is(400);
    device.put("description", "{\"serial\":\"" + "x".repeat(70_000) + "\"}").is(413);
    device.post("description", "{}").is(405);
    assertThat(hub.get(description).has("described")).isFalse();
  }

  @Test
  void an_exchange_describes_the_device_as_well() {
    JsonNode got =
        device
            .post("exchange", "{\"telemetry\":{\"flow\":1},\"description\":{\"serial\":\"7\"}}")
            .is(200)
            .json();

    assertThat(got.path("accepted").intValue()).isEqualTo(1);
    assertThat(got.path("described").toString()).isEqualTo("{\"version\":1}");
    assertThat(hub.get(description).path("serial").asText()).isEqualTo("7");
  }

  @Test
  void units_and_base_units_of_senml_are_remembered() {
    device
        .post(
            "telemetry",
            "[{\"bu\":\"Cel\",\"n\":\"inside\",\"v\":20},{\"n\":\"outside\",\"v\":5},"
                + "{\"n\":\"humidity\",\"u\":\"%RH\",\"v\":40},{\"n\":\"door\",\"vb\":true}]")
        .is(202);

    await().until(() -> hub.get(description).path("metrics").size() == 3);
    JsonNode metrics = hub.get(description).path("metrics");
    assertThat(metrics.at("/inside/unit").asText()).isEqualTo("Cel");
    assertThat(metrics.at("/outside/unit").asText()).isEqualTo("Cel");
    assertThat(metrics.at("/humidity/unit").asText()).isEqualTo("%RH");
  }

  @Test
  void a_refused_description_does_not_affect_the_rest_of_an_exchange() {
    JsonNode got =
        device
            .post("exchange", "{\"telemetry\":{\"flow\":1},\"description\":" + FAULTY + "}")
            .is(200)
            .json();

    assertThat(got.path("accepted").intValue()).isEqualTo(1);
    assertThat(got.has("described")).isFalse();
    JsonNode refused = got.path("refused").path(0);
    assertThat(refused.path("field").asText()).isEqualTo("description");
    assertThat(refused.path("code").asText()).isEqualTo("invalid");
    assertThat(refused.path("errors")).hasSize(2);
  }
}
