package io.signalbox.hub.http.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Malformed and oversized requests get a problem document where possible, and are disconnected. */
class MalformedHttpTest {
  private static final String KEY = "Authorization: Bearer " + RunningHub.ADMIN_KEY + "\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";
  private static final Pattern METRIC =
      Pattern.compile("(?m)^signalbox_http_connection_errors_total\\{reason=\"(\\w+)\"} (\\S+)$");

  @StartHub private static RunningHub hub;

  private static void refused(String request, int status, String code) {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(request.getBytes(ISO_8859_1));
      refused(client, status, code);
    }
  }

  private static void refused(RawWebSocket client, int status, String code) {
    String answer = client.rest();
    assertThat(answer).containsPattern("^HTTP/1[.][01] " + status + " ");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .contains("content-type: application/problem+json", "connection: close");
    assertThat(answer).contains("\"code\":\"" + code + "\"");
  }

  @Test
  void a_request_line_that_is_too_long_is_refused() {
    refused("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414, "uri-too-long");
  }

  @Test
  void headers_that_are_too_large_are_refused_before_they_end() {
    refused(
        "GET /api/v1/devices HTTP/1.1\r\nHost: h\r\nX: " + "a".repeat(17_000),
        431,
        "headers-too-large");
    refused(
        "GET /api/v1/devices HTTP/1.1\r\nHost: h\r\n" + "X: some header\r\n".repeat(2_000),
        431,
        "headers-too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/devices HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "POST /api/v1/devices HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v1/devices HTTP/1.1\r\nHost: h\r\nContent-Length: ten\r\n\r\n",
        "GET /api/v1/devices HTTP/1.1\r\nHost h\r\n\r\n",
        "GET /api/v1/devices HTTP/1.1\r\nHo st: h\r\n\r\n",
        "GET /api/v1/devices HTTX/1.1\r\nHost: h\r\n\r\n",
        "GET /api/v1/devices HTTp/1.1\r\nHost: h\r\n\r\n",
        "GET x HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET ftp://h/health/live HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /health/live HTTP/1.1\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
        "GET /health/live HTTP/1.0\r\nHost: h\r\nHost: g\r\n\r\n"
      })
  void malformed_requests_are_refused(String request) {
    refused(request, 400, "malformed");
  }

  @Test
  void a_client_that_speaks_tls_to_a_hub_that_does_not_is_refused() {
    refused("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n", 400, "malformed");
  }

  @Test
  void a_body_with_malformed_chunks_is_refused() {
    refused(
        "POST /api/v1/devices HTTP/1.1\r\nHost: h\r\n"
            + KEY
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        400,
        "malformed");
  }

  @Test
  void an_h2c_upgrade_header_is_ignored() {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      String request =
          String.join(
              "\r\n",
              "GET /health/live HTTP/1.1",
              "Host: h",
              "Connection: Upgrade, HTTP2-Settings",
              "Upgrade: h2c",
              "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
              "\r\n");
      client.bytes(request.getBytes(ISO_8859_1));
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void the_first_bytes_may_arrive_one_by_one() {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      for (char each : "POST /health/live HTTP/1.1\r\nHost: h\r\n\r\n".toCharArray()) {
        client.bytes((byte) each);
      }
      assertThat(client.head()).startsWith("HTTP/1.1 405 ");
    }
  }

  private static String answer(String request) {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(request.getBytes(ISO_8859_1));
      return client.head();
    }
  }

  @Test
  void http_1_1_requires_a_host_header() {
    assertThat(answer("GET /health/live HTTP/1.0\r\n\r\n")).contains(" 200 ");
    assertThat(answer("GET http://h/health/live HTTP/1.1\r\nHost: h\r\n\r\n")).contains(" 200 ");
  }

  @Test
  void options_asterisk_lists_the_supported_methods() {
    assertThat(answer("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"))
        .contains(" 204 ", "Allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  }

  /** The response to a client that closes its sending side right after its bytes. */
  private static String halfClosed(String request) {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(request.getBytes(ISO_8859_1)).halfClose();
      return client.rest();
    }
  }

  @Test
  void a_client_that_half_closes_after_its_request_is_answered_and_disconnected() {
    String key = hub.register("half");
    String device = "Host: h\r\nAuthorization: Bearer " + key + "\r\n" + JSON;
    String admin = "Host: h\r\n" + KEY + JSON;
    String reading = "Content-Length: 11\r\n\r\n{\"level\":1}";
    String command = "Content-Length: 13\r\n\r\n{\"name\":\"go\"}";

    assertThat(halfClosed("GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n")).contains(" 200 ");
    assertThat(halfClosed("POST /device/v1/telemetry HTTP/1.1\r\n" + device + reading))
        .contains(" 202 ");
    assertThat(halfClosed("POST /api/v1/devices/half/commands HTTP/1.1\r\n" + admin + command))
        .contains(" 202 ");
    assertThat(hub.get("/api/v1/devices/half/commands").path("items")).hasSize(1);
  }

  @Test
  void an_incomplete_request_of_a_half_closed_client_has_no_effect() {
    String head = "POST /api/v1/devices HTTP/1.1\r\nHost: h\r\n" + KEY + JSON;

    assertThat(halfClosed(head + "Content-Length: 99\r\n\r\n{\"id\":\"cut\"}")).isEmpty();
    assertThat(hub.get("/api/v1/devices/cut").path("status").asInt()).isEqualTo(404);
  }

  @Test
  void a_half_closed_idle_client_is_disconnected() {
    String key = hub.register("waiting");
    String poll = "GET /device/v1/commands?wait=60 HTTP/1.1\r\nHost: h\r\n";

    assertThat(halfClosed(poll + "Authorization: Bearer " + key + "\r\n\r\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nthis is no frame, and it is long enough for one",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000"
            + "\u00ff\u00ff\u00ff\u0001\u0005\u0000\u0000\u0000\u0001\u0000",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000"
            + "\u0000\u0000\u0004\u0001\u0005\u0000\u0000\u0000\u0001\u00ff\u00ff\u00ff\u00ff",
      })
  void malformed_http_2_closes_the_connection_without_a_log_line(String bytes) {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(bytes.getBytes(ISO_8859_1));
      client.rest();
    } finally {
      root.detachAppender(log);
    }
    assertThat(List.copyOf(log.list))
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .filteredOn(
            event -> event.getLoggerName().matches("io[.](netty|vertx[.]core[.](net|http)).*"))
        .isEmpty();
  }

  static Stream<Arguments> malformed() {
    String chunks = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
    return Stream.of(
        arguments("http1", "NONSENSE\r\n\r\n"),
        arguments("http1", "GET /health/live HTTP/1.1\r\n\r\n"),
        arguments("http1", chunks),
        arguments("http2", PREFACE + "this is no frame, and it is long enough for one"),
        arguments("http2", PREFACE + "\0\0\0\6\0\0\0\0\0"),
        arguments("http2", PREFACE + "\0\0\6\4\0\0\0\0\0\0\4\u00ff\u00ff\u00ff\u00ff"),
        arguments("http2", PREFACE + SETTINGS + "\u00ff\u00ff\u00ff\1\5\0\0\0\1\0"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformed_connections_are_counted_by_reason(String reason, String bytes) {
    double before = counted(reason);
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(bytes.getBytes(ISO_8859_1));
      client.rest();
    }
    await().until(() -> counted(reason) == before + 1);
  }

  @Test
  void an_http_2_client_that_disconnects_early_is_not_counted() {
    double before = counted("http2");
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(PREFACE.getBytes(ISO_8859_1)).halfClose();
      client.rest();
    }
    assertThat(counted("http2")).isEqualTo(before);
  }

  private double counted(String reason) {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes("GET /metrics HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
      return METRIC
          .matcher(client.rest().replace("\r", ""))
          .results()
          .filter(found -> found.group(1).equals(reason))
          .mapToDouble(found -> Double.parseDouble(found.group(2)))
          .sum();
    }
  }

  private static String upgrade(String headers) {
    String answer =
        answer(
            "GET /api/v1/stream HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                + KEY
                + headers
                + "\r\n");
    if (!answer.contains(" 101 ")) {
      assertThat(answer.toLowerCase(Locale.ROOT))
          .contains("content-type: application/problem+json");
    }
    return answer;
  }

  @Test
  void websocket_handshakes_follow_rfc_6455() {
    String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    String version = "Sec-WebSocket-Version: 13\r\n";
    String connection = "Connection: Upgrade\r\n";

    assertThat(upgrade("Connection: keep-alive\r\n" + connection + key + version))
        .contains(" 101 ");
    assertThat(
            upgrade(
                connection
                    + key
                    + version
                    + "Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: signalbox.v1.json\r\n"))
        .contains(" 101 ")
        .containsIgnoringCase("sec-websocket-protocol: signalbox.v1.json");
    assertThat(upgrade(connection + key + "Sec-WebSocket-Version: 8\r\n"))
        .contains(" 426 ")
        .containsIgnoringCase("sec-websocket-version: 13");
    assertThat(upgrade(connection + key)).contains(" 400 ");
    assertThat(upgrade(connection + version)).contains(" 400 ");
    assertThat(upgrade(connection + version + "Sec-WebSocket-Key: short\r\n")).contains(" 400 ");
    assertThat(upgrade(key + version)).contains(" 400 ");
    assertThat(
            answer(
                "GET /api/v1/stream HTTP/1.0\r\nHost: h\r\nUpgrade: websocket\r\n"
                    + KEY
                    + connection
                    + key
                    + version
                    + "\r\n"))
        .contains(" 400 ");
  }
}
