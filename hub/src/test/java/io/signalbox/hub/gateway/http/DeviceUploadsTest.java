package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads of devices over HTTP: readings, results and reports. */
@SuppressWarnings("NullAway.Init") // set before each test
class DeviceUploadsTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub({"--gateway-max-frame-bytes", "65536"})
  private static RunningHub hub;

  private String id;
  private TestHttpDevice device;

  @BeforeEach
  void register() {
    id = "meter-" + DEVICES.incrementAndGet();
    device = new TestHttpDevice(hub.port(), hub.register(id));
  }

  private JsonNode latest(String metric) {
    return hub.latest(id).path(metric);
  }

  private JsonNode presence() {
    return hub.get("/api/v1/devices/" + id + "/presence");
  }

  @Test
  void an_accepted_reading_is_in_history_and_is_the_latest_value() {
    TestHttpDevice.Got got =
        device.post("telemetry", "{\"ts\":1764000000000,\"values\":{\"t\":21.4,\"n\":1}}").is(202);

    assertThat(got.json().path("accepted").asInt()).isEqualTo(2);
    assertThat(latest("t").path("value").asDouble()).isEqualTo(21.4);
    assertThat(latest("t").path("ts").asLong()).isEqualTo(1_764_000_000_000L);
  }

  @Test
  void every_payload_format_of_the_protocol_is_accepted() throws Exception {
    device.post("telemetry", "{\"a\":1}").is(202);
    device.post("telemetry", "[{\"ts\":1764000000000,\"values\":{\"b\":2}}]").is(202);
    String senml = "[{\"bn\":\"urn:dev:" + id + ":\",\"n\":\"c\",\"v\":3}]";
    device
        .post("telemetry", "application/senml+json", senml.getBytes(StandardCharsets.UTF_8))
        .is(202);
    byte[] cbor = TestHttpDevice.CBOR.writeValueAsBytes(Map.of("d", 4));
    device.post("telemetry", "application/cbor", cbor).is(202);
    byte[] packed = TestHttpDevice.packed("{\"e\":5}".getBytes(StandardCharsets.UTF_8));
    device.postPacked("telemetry", packed).is(202);

    for (String metric : new String[] {"a", "b", "c", "d", "e"}) {
      assertThat(latest(metric).path("value").asInt()).isEqualTo(metric.charAt(0) - 'a' + 1);
    }
  }

  @Test
  void readings_without_a_time_in_quick_succession_stay_distinct() {
    for (int i = 0; i < 20; i++) {
      device.post("telemetry", "{\"n\":" + i + "}").is(202);
    }
    JsonNode points = hub.get("/api/v1/devices/" + id + "/telemetry?metric=n&limit=100");
    assertThat(points.path("points")).hasSize(20);
  }

  @Test
  void invalid_payloads_are_refused_with_the_position_and_nothing_is_stored() {
    TestHttpDevice.Got got = device.post("telemetry", "{\"good\":1,\"bad\":NaN}").is(400);
    assertThat(got.code()).isEqualTo("not-finite");
    assertThat(got.field()).isEqualTo("bad");
    assertThat(device.post("telemetry", "{\"a\":").is(400).code()).isEqualTo("malformed");
    assertThat(device.post("telemetry", "").is(400).code()).isEqualTo("malformed");
    assertThat(device.post("telemetry", "text/plain", new byte[] {1}).is(415).field())
        .isEqualTo("Content-Type");
    assertThat(device.post("telemetry?seq=1", "{\"a\":1}").is(400).field()).isEqualTo("seq");
    assertThat(latest("good").isMissingNode()).isTrue();
  }

  @Test
  void a_compressed_body_is_refused_when_it_expands_over_the_limit() {
    byte[] bomb = TestHttpDevice.packed(new byte[30_000_000]);
    assertThat(bomb.length).isLessThan(65_536);

    assertThat(device.postPacked("telemetry", bomb).is(413).code()).isEqualTo("too-large");
    assertThat(device.postPacked("telemetry", new byte[] {1, 2, 3}).is(400).field())
        .isEqualTo("Content-Encoding");
    byte[] cut = TestHttpDevice.packed("{\"e\":5}".getBytes(StandardCharsets.UTF_8));
    cut = java.util.Arrays.copyOf(cut, cut.length - 9);
    assertThat(device.postPacked("telemetry", cut).is(400).code()).isEqualTo("malformed");
    byte[] large = "9".repeat(70_000).getBytes(StandardCharsets.UTF_8);
    assertThat(device.post("telemetry", "application/json", large).is(413).code())
        .isEqualTo("too-large");
  }

  @Test
  void an_unknown_encoding_is_refused_with_the_supported_one() {
    TestHttpDevice.Got got =
        device.send(
            device
                .to("telemetry")
                .header("Content-Encoding", "br")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")));

    assertThat(got.is(415).field()).isEqualTo("Content-Encoding");
    assertThat(got.header("Accept-Encoding")).isEqualTo("gzip");
  }

  @Test
  void a_gzip_stream_may_have_several_members() {
    byte[] first = TestHttpDevice.packed("{\"a\":".getBytes(StandardCharsets.UTF_8));
    byte[] second = TestHttpDevice.packed("1}".getBytes(StandardCharsets.UTF_8));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);

    device.postPacked("telemetry", both).is(202);
  }

  @Test
  void an_unauthenticated_caller_gets_401_and_an_authenticated_one_404_or_405() {
    TestHttpDevice stranger = new TestHttpDevice(hub.port(), "a-key-that-is-nobody-s-at-all");
    assertThat(stranger.post("telemetry", "{\"a\":1}").is(401).code()).isEqualTo("unauthenticated");
    assertThat(device.get("telemetry").is(405).header("Allow")).isEqualTo("POST");
    assertThat(device.get("elsewhere").is(404).code()).isEqualTo("not-found");
  }

  @Test
  void an_upload_only_device_is_asleep_between_uploads_and_gets_its_next_contact() {
    TestHttpDevice.Got got = device.post("telemetry", "{\"a\":1}").is(202);

    long interval = Long.parseLong(got.header("Poll-Interval"));
    assertThat(interval).isPositive();
    assertThat(got.header("Retry-After")).isEqualTo(Long.toString((interval + 999) / 1_000));
    assertThat(presence().path("state").asText()).isEqualTo("asleep");
    assertThat(presence().path("transport").asText()).isEqualTo("http");
    assertThat(presence().path("expected").asLong())
        .isGreaterThan(presence().path("since").asLong());
  }

  @Test
  void an_upload_does_not_affect_an_open_connection() {
    String key = id + "-key-of-at-least-24-characters";
    try (RawWebSocket socket = hub.device(key)) {
      String session = RunningHub.json(socket.nextMessage()).path("session").asText();
      TestHttpDevice.Got got = device.post("telemetry", "{\"a\":1}").is(202);

      assertThat(got.header("Poll-Interval")).isEmpty();
      assertThat(presence().path("state").asText()).isEqualTo("online");
      assertThat(presence().path("session").asText()).isEqualTo(session);
      socket.text("{\"type\":\"ping\"}");
      assertThat(RunningHub.json(socket.nextMessage()).path("type").asText()).isEqualTo("pong");
    }
  }

  @Test
  void a_command_of_the_connection_can_be_answered_by_a_request() {
    String key = id + "-key-of-at-least-24-characters";
    try (RawWebSocket socket = hub.device(key)) {
      socket.nextMessage();
      String body = "{\"name\":\"read\"}";
      String command = hub.post("/api/v1/devices/" + id + "/commands", body).path("id").asText();
      assertThat(RunningHub.json(socket.nextMessage()).path("id").asText()).isEqualTo(command);

      String path = "commands/" + command + "/result";
      assertThat(device.post(path, "{\"status\":\"done\"}").is(400).field()).isEqualTo("status");
      assertThat(device.post(path, "{\"id\":\"x\",\"status\":\"failed\"}").is(400).field())
          .isEqualTo("id");
      device.post(path, "{\"status\":\"succeeded\",\"data\":{\"rpm\":7}}").is(204);
      JsonNode kept = hub.get("/api/v1/commands/" + command);
      assertThat(kept.path("state").asText()).isEqualTo("succeeded");
      assertThat(kept.path("result").path("rpm").asInt()).isEqualTo(7);
      assertThat(device.post(path, "{\"status\":\"failed\"}").is(409).code())
          .isEqualTo("command-finished");
    }
  }

  @Test
  void a_twin_is_returned_only_if_it_has_changed() {
    TestHttpDevice.Got first = device.get("twin").is(200);
    assertThat(first.header("ETag")).isEqualTo("\"0-0\"");
    hub.patch("/api/v1/devices/" + id + "/twin/desired", "{\"rpm\":1450}");

    TestHttpDevice.Got second = device.send(known("\"0-0\"")).is(200);
    assertThat(second.json().path("desired").path("delta").path("rpm").asInt()).isEqualTo(1450);
    device.send(known(second.header("ETag"))).is(304);
    TestHttpDevice.Got reported = device.patch("twin/reported", "{\"rpm\":1450}").is(204);
    assertThat(reported.header("ETag")).isEqualTo("\"1-1\"");
    JsonNode twin = device.send(known(second.header("ETag"))).is(200).json();
    assertThat(twin.path("reported").path("state").path("rpm").asInt()).isEqualTo(1450);
    assertThat(device.patch("twin/reported", "[1]").is(400).code()).isEqualTo("invalid");
  }

  @Test
  void a_report_is_accepted_only_for_a_version_that_the_device_knows() {
    device.patch("twin/reported", "{\"rpm\":1450}").is(204);
    hub.patch("/api/v1/devices/" + id + "/twin/desired", "{\"rpm\":1500}");

    TestHttpDevice.Got refused = device.send(report("If-Match", "\"1-0\"")).is(412);
    assertThat(refused.code()).isEqualTo("precondition-failed");
    assertThat(refused.json().path("detail").asText())
        .isEqualTo("reported is at version 1; expected 0; the ETag is now \"1-1\"");
    device.send(report("If-None-Match", "\"1-1\"")).is(412);
    device.send(report("If-None-Match", "*")).is(412);
    assertThat(device.send(report("If-Match", "latest")).is(400).field()).isEqualTo("If-Match");
    // Changes of the desired state in the meantime are no conflict.
    device.send(report("If-Match", "\"0-1\"")).is(204);
    device.send(report("If-Match", "*")).is(204);
  }

  private java.net.http.HttpRequest.Builder report(String header, String tags) {
    return device
        .to("twin/reported")
        .header("Content-Type", "application/merge-patch+json")
        .header(header, tags)
        .method("PATCH", java.net.http.HttpRequest.BodyPublishers.ofString("{\"rpm\":1500}"));
  }

  private java.net.http.HttpRequest.Builder known(String tag) {
    return device.to("twin").header("If-None-Match", tag).GET();
  }

  @Test
  void a_response_is_cbor_if_requested() {
    TestHttpDevice.Got got =
        device.send(device.to("twin").header("Accept", "application/cbor").GET()).is(200);

    assertThat(got.header("Content-Type")).isEqualTo("application/cbor");
    assertThat(got.json().path("desired").path("version").asInt()).isZero();
    assertThat(device.send(device.to("twin").header("Accept", "text/html").GET()).is(406).code())
        .isEqualTo("not-acceptable");
  }

  @Test
  void more_readings_than_a_device_may_send_are_refused_with_the_time_to_wait(
      @StartHub({"--gateway-readings-per-second", "10", "--gateway-max-readings", "20"})
          RunningHub strict) {
    TestHttpDevice eager = new TestHttpDevice(strict.port(), strict.register("eager"));
    TestHttpDevice.Got got = eager.post("telemetry", "{\"a\":1}");
    for (int i = 0; i < 100 && got.response().statusCode() == 202; i++) {
      got = eager.post("telemetry", "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}");
    }
    assertThat(got.is(429).code()).isEqualTo("rate-limited");
    assertThat(Integer.parseInt(got.header("Retry-After"))).isPositive();
  }
}
