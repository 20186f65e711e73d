package io.signalbox.hub.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid UTF-8 is refused on every transport, with the position of the byte. */
@SuppressWarnings("NullAway.Init") // set before all tests
class NotUtf8Test {
  /**
   * A Latin-1 degree sign, an overlong NUL, half a surrogate pair, a value beyond Unicode, a
   * truncated sequence.
   */
  private static final String[] BROKEN = {"b043", "c080", "eda080", "f4908080", "e282"};

  @TempDir private static Path data;
  private static RunningHub hub;
  private static String key;

  @BeforeAll
  static void start() {
    hub = RunningHub.start(data);
    key = hub.register("latin-1");
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  /** A request line, the body's type, and its text before and after the invalid bytes. */
  record Route(String line, String type, String before, String after) {}

  static Stream<Route> ways() {
    String json = "application/json";
    String device = "/api/v1/devices/latin-1";
    return Stream.of(
        new Route("POST /device/v1/telemetry", json, "{\"", "\":21}"),
        new Route("POST /device/v1/telemetry", json, "{\"a\":\"", "\"}"),
        new Route("POST /device/v1/telemetry", json, "{\"values\":{\"a\":{\"b\":\"", "\"}}}"),
        new Route(
            "POST /device/v1/telemetry", "application/senml+json", "[{\"n\":\"", "\",\"v\":1}]"),
        new Route("POST /device/v1/exchange", json, "{\"telemetry\":{\"", "\":21}}"),
        new Route("POST /device/v1/exchange", json, "{\"passed-over\":\"", "\"}"),
        new Route(
            "POST /device/v1/commands/x/result",
            json,
            "{\"status\":\"failed\",\"error\":\"",
            "\"}"),
        new Route("PATCH /device/v1/twin/reported", json, "{\"", "\":1}"),
        new Route("PATCH /device/v1/twin/reported", "application/merge-patch+json", "{\"", "\":1}"),
        new Route("POST /api/v1/devices", json, "{\"id\":\"d\",\"name\":\"", "\"}"),
        new Route("PATCH " + device, json, "{\"name\":\"", "\"}"),
        new Route("PATCH " + device + "/twin/desired", json, "{\"", "\":1}"),
        new Route("POST " + device + "/commands", json, "{\"name\":\"", "\"}"),
        new Route("POST /api/v1/commands", json, "{\"name\":\"", "\"}"),
        new Route("POST /api/v1/keys", json, "{\"name\":\"", "\"}"),
        new Route("POST /api/v1/session", json, "{\"key\":\"", "\"}"),
        new Route("POST /api/v1/events", json, "{\"", "\":1}"));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void a_body_is_refused_with_the_byte(Route pollKind) {
    for (String broken : BROKEN) {
      byte[] middle = HexFormat.of().parseHex(broken);
      String body = pollKind.before() + new String(middle, ISO_8859_1) + pollKind.after();
      JsonNode problem = refused(pollKind.line(), pollKind.type(), body.getBytes(ISO_8859_1));

      String place = "byte " + pollKind.before().length() + " is 0x" + broken.substring(0, 2);
      assertThat(problem.path("code").asText()).isEqualTo("malformed");
      assertThat(problem.path("detail").asText()).startsWith(place);
    }
  }

  @Test
  void a_compressed_body_is_refused_with_its_uncompressed_byte() {
    byte[] body = TestHttpDevice.packed("{\"\u00b0C\":21}".getBytes(ISO_8859_1));
    String type = "application/json\r\nContent-Encoding: gzip";

    assertThat(refused("POST /device/v1/telemetry", type, body).path("detail").asText())
        .startsWith("byte 2 is 0xb0");
  }

  @Test
  void a_line_of_a_bulk_registration_is_refused_with_line_and_byte() {
    byte[] lines =
        "{\"id\":\"nd-1\"}\n{\"id\":\"nd-2\",\"name\":\"\u00b0\"}\n".getBytes(ISO_8859_1);
    String answer = answer("POST /api/v1/devices", "application/x-ndjson", lines);

    assertThat(answer)
        .contains("\"id\":\"nd-1\",\"status\":201")
        .contains("line 2: byte 21 is 0xb0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /device/v1/telemetry", "POST /api/v1/devices"})
  void utf16_is_refused(String line) {
    byte[] body = "{\"id\":1}".getBytes(UTF_16LE);

    assertThat(refused(line, "application/json", body).path("detail").asText())
        .startsWith("byte 1 is 0x00; JSON must be UTF-8");
  }

  @ParameterizedTest
  @CsvSource({
    "a162c08001, 2, a name",
    "a1616162c080, 4, a text",
    "a1616163eda080, 4, half a pair",
    "a1616164f4908080, 4, beyond Unicode",
    "a161617f61c361a4ff, 5, a character over two chunks"
  })
  void cbor_is_refused_with_the_byte(String hex, int position, String what) {
    byte[] body = HexFormat.of().parseHex(hex);
    for (String line : new String[] {"POST /device/v1/telemetry", "POST /device/v1/exchange"}) {
      JsonNode problem = refused(line, "application/cbor", body);
      assertThat(problem.path("code").asText()).as(what).isEqualTo("malformed");
      assertThat(problem.path("detail").asText()).startsWith("byte " + position + " is 0x");
    }
  }

  @Test
  void a_cbor_frame_is_refused_with_the_byte_and_uses_its_number() {
    String telemetry = "a3 6474797065 6974656c656d65747279 63736571 01 6676616c756573 a1 62c080 01";
    try (RawWebSocket device =
        RawWebSocket.open(
            hub.port(),
            "/device/v1/stream",
            "Authorization: Bearer " + key,
            "Sec-WebSocket-Protocol: signalbox.v1.cbor")) {
      device.nextMessage();
      device.binary(HexFormat.of().parseHex(telemetry.replace(" ", "")));
      String error = "";
      while (!error.contains("typeeerror")) {
        // A command that another test has queued may come first.
        error = new String(device.nextMessage().payload(), ISO_8859_1);
      }

      assertThat(error).contains("malformed").contains("byte 30 is 0xc0").contains("seq");
    }
  }

  @Test
  void a_text_frame_closes_the_connection() {
    try (RawWebSocket device = hub.device(key)) {
      device.nextMessage();
      device.frame(0x81, "{\"type\":\"ping\",\"\u00b0\":1}".getBytes(ISO_8859_1));

      assertThat(device.untilClosed().getLast().closeCode()).isEqualTo(1007);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/devices/latin-1/telemetry?metric=%b0C, 41",
    "/api/v1/devices?q=%C3%A4%c0%80, 24",
    "/api/v1/devices?q=%e2%82x, 18",
    "/api/v1/devices/%b0C, 16",
    "/api/v1/commands/%ed%a0%80, 17",
    "/api/v1/events/poll?devices=%ff, 28",
    "/device/v1/commands?%b0=1, 20"
  })
  void a_request_target_is_refused_with_the_character(String target, int position) {
    assertThat(refused("GET " + target, "application/json").path("detail").asText())
        .startsWith("character " + position + " of the request target starts %");
  }

  @Test
  void a_request_target_that_is_not_ascii_is_refused() {
    assertThat(refused("GET /api/v1/devices?q=\u00b0C", "application/json").path("code").asText())
        .isEqualTo("malformed");
  }

  @Test
  void an_idempotency_key_is_utf8() {
    byte[] command = "{\"name\":\"go\"}".getBytes(ISO_8859_1);
    String path = "POST /api/v1/devices/latin-1/commands";

    JsonNode problem = refused(path, "application/json\r\nIdempotency-Key: a\u00b0", command);
    assertThat(problem.path("field").asText()).isEqualTo("Idempotency-Key");
    assertThat(problem.path("detail").asText()).contains("byte 1 is 0xb0");
    // U+00C0, whose second byte would be a control character of Latin-1
    assertThat(answer(path, "application/json\r\nIdempotency-Key: \u00c3\u0080", command))
        .startsWith("HTTP/1.1 202 ");
  }

  private static JsonNode refused(String line, String type, byte... body) {
    String answer = answer(line, type, body);
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    return RunningHub.json(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  private static String answer(String line, String type, byte... body) {
    String secret = line.contains(" /device/") ? key : RunningHub.ADMIN_KEY;
    String head =
        line
            + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
            + secret
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(head.getBytes(ISO_8859_1));
      client.bytes(body);
      return client.rest();
    }
  }
}
