package io.signalbox.hub.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP devices whose type tags or refuses readings that do not fit. */
@SuppressWarnings("NullAway.Init") // set before each test
class StrictOverHttpTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final String FLOW = "{\"flow\":{\"kind\":\"number\"},\"note\":{}}";
  private static final String TASMOTA =
      "{\"Time\":\"2025-11-24T17:00:00\",\"AM2301\":{\"Temperature\":21.4,\"Humidity\":40},"
          + "\"TempUnit\":\"C\"}";

  @StartHub private static RunningHub hub;

  private String id;
  private TestHttpDevice device;

  @BeforeEach
  void register() {
    id = "meter-" + DEVICES.incrementAndGet();
    device = new TestHttpDevice(hub.port(), hub.register(id));
    hub.patch("/api/v1/devices/" + id, "{\"type\":\"type-of-" + id + "\"}");
  }

  private void define(String strict, String metrics) {
    hub.define("type-of-" + id, strict, metrics);
  }

  @Test
  void a_refused_upload_lists_every_fault_and_stores_nothing() {
    define("refuse", FLOW);

    JsonNode problem =
        device
            .post("telemetry", "{\"note\":1,\"flow\":\"12\",\"a/b\":2,\"other\":true}")
            .is(422)
            .json();

    assertThat(problem.path("code").asText()).isEqualTo("invalid-readings");
    assertThat(problem.path("type").asText())
        .isEqualTo("https://signalbox.io/problems/invalid-readings");
    assertThat(problem.path("detail").asText())
        .isEqualTo(
            "the readings do not fit the type type-of-"
                + id
                + ": /flow must be a number, is the text \"12\"; and 2 more faults");
    assertThat(problem.path("errors").findValuesAsText("pointer"))
        .containsExactly("/flow", "/a~1b", "/other");
    assertThat(problem.at("/errors/0/detail").asText())
        .isEqualTo("must be a number, is the text \"12\"");
    assertThat(hub.latest(id)).isEmpty();
    device.post("telemetry", "{\"note\":1,\"flow\":12}").is(202);
    assertThat(hub.latest(id).path("flow").path("value").asInt()).isEqualTo(12);
    assertThat(hub.get("/api/v1/devices/" + id + "/recorder?kind=message").toString())
        .contains("invalid-readings", "/flow must be a number");
  }

  @Test
  void null_is_no_reading_and_fits() {
    define("refuse", FLOW);

    assertThat(device.post("telemetry", "{\"flow\":1,\"other\":null}").is(202).text())
        .isEqualTo("{\"accepted\":1,\"skipped\":1}");
  }

  @Test
  void a_tagged_upload_is_stored_and_marked() {
    define("tag", FLOW);

    device.post("telemetry", "{\"note\":1,\"flow\":\"12\"}").is(202);

    assertThat(hub.latest(id).path("flow").path("misfit").asText())
        .isEqualTo("must be a number, is the text \"12\"");
    assertThat(hub.latest(id).path("note").has("misfit")).isFalse();
  }

  @Test
  void a_change_of_type_or_device_holds_for_the_next_upload() {
    device.post("telemetry", "{\"flow\":\"a\"}").is(202);
    define("refuse", FLOW);
    device.post("telemetry", "{\"flow\":\"b\"}").is(422);
    define("refuse", "{\"flow\":{\"kind\":\"text\"}}");
    device.post("telemetry", "{\"flow\":\"c\"}").is(202);
    define("refuse", FLOW);
    device.post("telemetry", "{\"flow\":\"d\"}").is(422);
    hub.patch("/api/v1/devices/" + id, "{\"type\":null}");
    device.post("telemetry", "{\"flow\":\"e\"}").is(202);
  }

  @Test
  void senml_is_checked_by_the_name_after_the_device() {
    define("refuse", FLOW);
    String pack = "[{\"bn\":\"urn:dev:" + id + ":\",\"n\":\"flow\",\"u\":\"m3/s\",";

    TestHttpDevice.Got got =
        device.post(
            "telemetry", "application/senml+json", (pack + "\"vb\":true}]").getBytes(UTF_8));

    assertThat(got.is(422).json().at("/errors/0/detail").asText())
        .isEqualTo("must be a number, is the boolean true");
    assertThat(hub.get("/api/v1/devices/" + id + "/description").at("/metrics/flow").has("unit"))
        .isFalse();
    device
        .post("telemetry", "application/senml+json", (pack + "\"v\":1}]").getBytes(UTF_8))
        .is(202);
  }

  @Test
  void an_object_covers_the_fields_that_an_agent_sends_with_dotted_names() {
    define("refuse", "{\"AM2301\":{\"kind\":\"object\"}}");
    JsonNode problem = device.post("telemetry?format=tasmota", TASMOTA).is(422).json();
    assertThat(problem.path("errors").findValuesAsText("pointer")).containsExactly("/TempUnit");

    define("refuse", "{\"AM2301\":{\"kind\":\"object\"},\"TempUnit\":{\"kind\":\"text\"}}");
    device.post("telemetry?format=tasmota", TASMOTA).is(202);
    assertThat(hub.latest(id).path("AM2301.Temperature").path("value").asDouble()).isEqualTo(21.4);
  }

  @Test
  void cbor_is_checked_as_well() throws IOException {
    define("refuse", FLOW);
    byte[] body = TestHttpDevice.CBOR.writeValueAsBytes(Map.of("flow", "x"));

    assertThat(device.post("telemetry", "application/cbor", body).is(422).code())
        .isEqualTo("invalid-readings");
  }

  @Test
  void the_other_parts_of_an_exchange_are_accepted() {
    define("refuse", FLOW);

    JsonNode got =
        device
            .post(
                "exchange", "{\"telemetry\":{\"flow\":\"x\",\"other\":1},\"reported\":{\"rpm\":1}}")
            .is(200)
            .json();

    assertThat(got.path("accepted").asInt()).isZero();
    JsonNode refused = got.path("refused").path(0);
    assertThat(refused.path("field").asText()).isEqualTo("telemetry");
    assertThat(refused.path("code").asText()).isEqualTo("invalid-readings");
    assertThat(refused.path("errors").findValuesAsText("pointer"))
        .containsExactly("/flow", "/other");
    assertThat(hub.get("/api/v1/devices/" + id + "/twin").at("/reported/state/rpm").asInt())
        .isEqualTo(1);
    assertThat(hub.latest(id)).isEmpty();
  }

  @Test
  void a_description_holds_for_the_readings_of_the_same_exchange() {
    define("refuse", FLOW);

    JsonNode got =
        device
            .post(
                "exchange",
                "{\"telemetry\":{\"level\":1},"
                    + "\"description\":{\"metrics\":{\"level\":{\"kind\":\"number\"}}}}")
            .is(200)
            .json();

    assertThat(got.path("accepted").asInt()).isEqualTo(1);
    assertThat(got.has("refused")).isFalse();
    device.post("telemetry", "{\"level\":\"full\"}").is(422);
  }
}
