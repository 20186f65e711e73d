package io.signalbox.hub.http.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that do not arrive in time. */
class SlowHttpTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final Pattern TIMEOUTS =
      Pattern.compile("(?m)^signalbox_http_connection_errors_total\\{reason=\"timeout\"} (\\S+)$");

  @StartHub({"--http-header-timeout", "100ms", "--api-body-timeout", "100ms"})
  private static RunningHub hub;

  private static void timesOut(String request) {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(request.getBytes(ISO_8859_1));
      assertThat(client.rest()).contains("HTTP/1.1 408 ", "\"code\":\"timeout\"");
    }
  }

  @Test
  void an_incomplete_head_times_out() {
    timesOut("GET /api/v1/devices HTTP/1.1\r\nHost: h\r\n");
    timesOut("GET /device/v1/stream HT");
    timesOut("PO");
  }

  @Test
  void an_incomplete_second_head_times_out() {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes("GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      client.bytes("GET /health".getBytes(ISO_8859_1));
      assertThat(client.rest()).contains("HTTP/1.1 408 ");
    }
  }

  @Test
  void an_incomplete_body_times_out() {
    String admin = "Host: h\r\nAuthorization: Bearer " + RunningHub.ADMIN_KEY + "\r\n";
    String device = "Host: h\r\nAuthorization: Bearer " + hub.register("slow") + "\r\n";
    String begun = "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{";
    timesOut("POST /api/v1/devices HTTP/1.1\r\n" + admin + begun);
    timesOut("POST /device/v1/telemetry HTTP/1.1\r\n" + device + begun);
    timesOut("POST /device/v1/exchange HTTP/1.1\r\n" + device + begun);
  }

  @ParameterizedTest
  @ValueSource(strings = {"P", "PR", "PRI", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r"})
  void an_incomplete_http_2_preface_times_out(String begun) {
    double before = timeouts(hub.metrics());
    timesOut(begun);
    assertThat(timeouts(hub.metrics())).isEqualTo(before + 1);
  }

  @Test
  void the_head_timeout_starts_with_the_first_byte() {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes((byte) 'P').bytes((byte) 'O');
      assertThat(client.rest()).contains("HTTP/1.1 408 ");
    }
  }

  @Test
  void an_http_2_client_without_settings_times_out() {
    double before = timeouts(hub.metrics());
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(PREFACE.getBytes(ISO_8859_1));
      assertThat(client.rest()).contains("SETTINGS did not arrive in time");
    }
    assertThat(timeouts(hub.metrics())).isEqualTo(before + 1);
  }

  @Test
  void over_tls_a_client_of_http_2_has_to_send_its_settings_in_time_and_they_are_counted(
      @TempDir Path folder) throws Exception {
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    Certificates.write(certificate, key);
    String[] settings = {
      "--http-header-timeout", "100ms",
      "--http-tls-certificate", certificate.toString(),
      "--http-tls-key", key.toString()
    };
    try (RunningHub secure = RunningHub.start(folder.resolve("data"), settings)) {
      int port = secure.port();
      for (String begun : List.of("", "PRI", PREFACE)) {
        assertThat(TlsClient.exchange(port, "h2", begun))
            .contains("SETTINGS did not arrive in time");
      }
      TlsClient.exchange(port, "h2", PREFACE + "this is no frame, and it is long enough for one");
      TlsClient.exchange(port, "h2", "this is no preface of HTTP/2");
      assertThat(TlsClient.exchange(port, "http/1.1", "GET /met")).contains("HTTP/1.1 408 ");

      String metrics = TlsClient.exchange(port, "http/1.1", "GET /metrics HTTP/1.0\r\n\r\n");
      assertThat(metrics.replace("\r", ""))
          .contains(
              "signalbox_http_connection_errors_total{reason=\"timeout\"} 4.0\n",
              "signalbox_http_connection_errors_total{reason=\"http2\"} 2.0\n");
    }
  }

  private static double timeouts(String metrics) {
    return TIMEOUTS
        .matcher(metrics)
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }
}
