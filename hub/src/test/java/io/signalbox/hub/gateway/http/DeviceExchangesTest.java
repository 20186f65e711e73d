package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exchanges: uploads and commands in one request. */
@SuppressWarnings("NullAway.Init") // set before each test
class DeviceExchangesTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub private static RunningHub hub;

  private String id;
  private TestHttpDevice device;

  @BeforeEach
  void register() {
    id = "logger-" + DEVICES.incrementAndGet();
    device = new TestHttpDevice(hub.port(), hub.register(id));
  }

  private String command(String name) {
    String body = "{\"name\":\"" + name + "\"}";
    return hub.post("/api/v1/devices/" + id + "/commands", body).path("id").asText();
  }

  private JsonNode exchange(String body) {
    return device.post("exchange", body).is(200).json();
  }

  @Test
  void an_exchange_carries_telemetry_results_and_commands() {
    String first = command("one");
    assertThat(exchange("{}").path("commands").path(0).path("id").asText()).isEqualTo(first);
    String second = command("two");

    JsonNode got =
        exchange(
            """
            {"desiredVersion":-1,"telemetry":[{"ts":1764000000000,"values":{"t":1}},{"ts":1764000001000,"values":{"t":2}}],
             "results":[{"id":"%s","status":"succeeded","data":5}],
             "reported":{"rpm":3}}"""
                .formatted(first));

    assertThat(got.path("accepted").asInt()).isEqualTo(2);
    assertThat(got.path("commands")).hasSize(1);
    assertThat(got.path("commands").path(0).path("id").asText()).isEqualTo(second);
    assertThat(got.path("desired").path("version").asInt()).isZero();
    assertThat(got.path("nextPoll").asLong()).isPositive();
    assertThat(got.path("reason").asText()).isIn("idle", "recent");
    assertThat(got.has("refused")).isFalse();
    JsonNode kept = hub.get("/api/v1/commands/" + first);
    assertThat(kept.path("result").asInt()).isEqualTo(5);
    JsonNode twin = hub.get("/api/v1/devices/" + id + "/twin");
    assertThat(twin.path("reported").path("state").path("rpm").asInt()).isEqualTo(3);
  }

  @Test
  void each_part_is_accepted_or_refused_separately() {
    String command = command("one");
    exchange("{}");
    JsonNode got =
        exchange(
            """
            {"telemetry":{"t":NaN,"more":[{"deep":1}]},
             "results":[7,{"status":"failed"},{"id":"nobody","status":"failed"},
                        {"id":"%s","status":"done","data":{"a":[1]}},{"id":"%s","status":"accepted"}],
             "reported":[1],
             "power":{"minInterval":5000,"maxInterval":1000},
             "desiredVersion":"x",
             "received":["%s",7,{"a":1}],
             "unknown":{"a":1}}"""
                .formatted(command, command, command));

    assertThat(got.path("accepted").asInt()).isZero();
    assertThat(got.path("refused"))
        .extracting(each -> each.path("field").asText() + " " + each.path("code").asText())
        .containsExactlyInAnyOrder(
            "telemetry.t not-finite",
            "results[0] invalid",
            "results[1].id invalid",
            "results[2] unknown-command",
            "results[3].status invalid",
            "reported invalid",
            "power.maxInterval invalid",
            "desiredVersion invalid",
            "received[1] invalid");
    assertThat(hub.get("/api/v1/commands/" + command).path("state").asText()).isEqualTo("accepted");
  }

  @Test
  void commands_not_confirmed_by_an_exchange_are_repeated_before_newer_ones() {
    String lost = command("lost");
    String received = command("received");
    assertThat(exchange("{\"received\":[]}").path("commands")).hasSize(2);
    String newer = command("newer");

    JsonNode got = exchange("{\"received\":[\"" + received + "\"]}").path("commands");

    assertThat(got).extracting(each -> each.path("id").asText()).containsExactly(lost, newer);
  }

  @Test
  void the_desired_state_is_returned_if_the_device_has_another_version() {
    assertThat(exchange("{}").has("desired")).isFalse();
    hub.patch("/api/v1/devices/" + id + "/twin/desired", "{\"rpm\":1}");
    JsonNode got = await().until(() -> exchange("{}"), answer -> answer.has("desired"));
    assertThat(got.path("desired").path("version").asInt()).isEqualTo(1);
    assertThat(exchange("{}").has("desired")).isFalse();
    assertThat(exchange("{\"desiredVersion\":1}").has("desired")).isFalse();
    assertThat(exchange("{\"desiredVersion\":0}").has("desired")).isTrue();
  }

  @Test
  void the_interval_bounds_of_a_device_always_apply() {
    JsonNode got = exchange("{\"power\":{\"minInterval\":700000,\"maxInterval\":800000}}");
    assertThat(got.path("nextPoll").asLong()).isBetween(700_000L, 800_000L);
    // They apply until the device changes them, also to other transports.
    TestHttpDevice.Got poll = device.get("commands").is(204);
    assertThat(Long.parseLong(poll.header("Poll-Interval"))).isBetween(700_000L, 800_000L);
  }

  @Test
  void an_exchange_can_be_in_cbor_both_ways() throws Exception {
    byte[] body =
        TestHttpDevice.CBOR.writeValueAsBytes(
            Map.of("telemetry", Map.of("t", 21.5), "reported", Map.of("a", 1)));
    TestHttpDevice.Got got =
        device.send(
            device
                .to("exchange")
                .header("Content-Type", "application/cbor")
                .header("Accept", "application/cbor")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(body)));

    assertThat(got.is(200).header("Content-Type")).isEqualTo("application/cbor");
    assertThat(got.json().path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void a_malformed_exchange_is_refused_as_a_whole() {
    assertThat(device.post("exchange", "{\"telemetry\":{\"t\":1},").is(400).code())
        .isEqualTo("malformed");
    assertThat(device.post("exchange", "[]").is(400).code()).isEqualTo("invalid");
    byte[] text = "t=1".getBytes(StandardCharsets.UTF_8);
    assertThat(device.post("exchange", "text/plain", text).is(415).field())
        .isEqualTo("Content-Type");
    assertThat(hub.latest(id)).isEmpty();
    assertThat(exchange("").path("accepted").asInt()).isZero();
  }
}
