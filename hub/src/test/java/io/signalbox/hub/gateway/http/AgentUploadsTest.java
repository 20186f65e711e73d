package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads with the parameter {@code agent}. */
@SuppressWarnings("NullAway.Init") // set before all tests
class AgentUploadsTest {
  private static final String JSON = "application/json";

  @StartHub private static RunningHub hub;

  private static TestHttpDevice device;

  @BeforeAll
  static void register() {
    device = new TestHttpDevice(hub.port(), hub.register("pump-7"));
  }

  @ParameterizedTest
  @CsvSource({
    "telegraf, telegraf-single.json, application/json, 4, cpu.usage_idle;cpu=cpu0",
    "telegraf, telegraf-batch.json, application/json; charset=utf-8, 4, mem.used_percent",
    "collectd, collectd.json, application/json, 5, load.load.shortterm",
    "collectd, collectd.putval, text/plain, 4, interface-eth0.if_octets.1;host=other.lan",
    "tasmota, tasmota-sensor.json, application/json, 8, AM2301.Temperature",
    "tasmota, tasmota-state.json, application/json, 9, Wifi.Signal",
    "the-things-stack, things-stack-uplink.json, application/json, 4, battery.voltage"
  })
  void are_kept_by_their_meaning(String format, String file, String type, int count, String metric)
      throws IOException {
    TestHttpDevice.Got got = device.post("telemetry?format=" + format, type, sample(file)).is(202);

    assertThat(got.json().path("accepted").asInt()).isEqualTo(count);
    JsonNode kept = hub.latest("pump-7");
    assertThat(kept.path(metric).path("value").isNumber()).as(metric).isTrue();
  }

  @Test
  void an_unknown_agent_is_refused_with_the_parameter_named() {
    TestHttpDevice.Got got = device.post("telemetry?format=statsd", "{\"a\":1}").is(400);

    assertThat(got.field()).isEqualTo("format");
    assertThat(got.json().path("detail").asText())
        .isEqualTo("format must be one of telegraf, collectd, tasmota, the-things-stack");
  }

  @Test
  void a_payload_without_the_agent_parameter_is_not_guessed() throws IOException {
    TestHttpDevice.Got collectd = device.post("telemetry", JSON, sample("collectd.json")).is(400);
    assertThat(collectd.json().path("detail").asText())
        .startsWith("[0].values must be an object")
        .contains("?format=collectd, see docs/agents.md");
    device.post("telemetry", "text/plain", sample("collectd.putval")).is(415);
    device.post("telemetry", JSON, sample("tasmota-sensor.json")).is(400);
    device.post("telemetry", JSON, sample("tasmota-state.json")).is(400);
    device.post("telemetry", JSON, sample("things-stack-uplink.json")).is(400);
    device.post("telemetry", JSON, sample("telegraf-batch.json")).is(400);
  }

  @Test
  void errors_name_their_position_and_are_recorded() {
    String metric = "{\"name\":\"a\",\"fields\":{\"v\":1},\"timestamp\":1763999990123}";
    TestHttpDevice.Got got =
        device.post("telemetry?format=telegraf", "{\"metrics\":[" + metric + "]}").is(400);

    assertThat(got.field()).isEqualTo("metrics[0].timestamp");
    assertThat(hub.get("/api/v1/devices/pump-7/recorder?kind=message").toString())
        .contains("metrics[0].timestamp looks like milliseconds; expected Unix seconds");
  }

  private static byte[] sample(String name) throws IOException {
    try (InputStream file = AgentUploadsTest.class.getResourceAsStream("/agents/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    }
  }
}
