package io.signalbox.hub.entrance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.socket.RawSocket;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no HTTP, or too much of it, is told so where it still can be told, and the line ends. */
class BadHttpTest {
  private static final String KEY = "Authorization: Bearer " + RunningHub.ADMIN_KEY + "\r\n";

  @StartHub({"--http-head-timeout", "1s", "--api-body-timeout", "1s"})
  private RunningHub hub;

  private void refused(String request, int status, String code) {
    try (RawSocket guest = RawSocket.dial(hub.port())) {
      guest.bytes(request.getBytes(ISO_8859_1));
      refused(guest, status, code);
    }
  }

  private static void refused(RawSocket guest, int status, String code) {
    String answer = guest.rest();
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
        "GET /api/v1/devices HTTX/1.1\r\nHost: h\r\n\r\n"
      })
  void what_is_no_http_is_refused(String request) {
    refused(request, 400, "malformed");
  }

  @Test
  void a_client_that_speaks_tls_to_a_hub_that_does_not_is_refused() {
    refused("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n", 400, "malformed");
  }

  @Test
  void a_body_whose_chunks_are_broken_is_refused() {
    refused(
        "POST /api/v1/devices HTTP/1.1\r\nHost: h\r\n"
            + KEY
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        400,
        "malformed");
  }

  @Test
  void a_head_that_does_not_end_is_refused_in_time() {
    refused("GET /api/v1/devices HTTP/1.1\r\nHost: h\r\n", 408, "timeout");
    refused("GET /device/v1/stream HT", 408, "timeout");
    refused("PO", 408, "timeout");
  }

  @Test
  void a_second_head_that_does_not_end_is_refused_as_well() {
    try (RawSocket guest = RawSocket.dial(hub.port())) {
      guest.bytes("GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(guest.head()).startsWith("HTTP/1.1 200 ");
      guest.bytes("GET /health".getBytes(ISO_8859_1));
      assertThat(guest.rest()).contains("HTTP/1.1 408 ");
    }
  }

  @Test
  void a_body_that_does_not_come_is_refused_in_time() {
    refused(
        "POST /api/v1/devices HTTP/1.1\r\nHost: h\r\n"
            + KEY
            + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
        408,
        "timeout");
  }

  @Test
  void an_upgrade_to_http2_is_not_heard() {
    try (RawSocket guest = RawSocket.dial(hub.port())) {
      String request =
          String.join(
              "\r\n",
              "GET /health/live HTTP/1.1",
              "Host: h",
              "Connection: Upgrade, HTTP2-Settings",
              "Upgrade: h2c",
              "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
              "\r\n");
      guest.bytes(request.getBytes(ISO_8859_1));
      assertThat(guest.head()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void first_bytes_may_come_one_by_one() {
    try (RawSocket guest = RawSocket.dial(hub.port())) {
      for (char each : "POST /health/live HTTP/1.1\r\nHost: h\r\n\r\n".toCharArray()) {
        guest.bytes((byte) each);
      }
      assertThat(guest.head()).startsWith("HTTP/1.1 405 ");
    }
  }
}
