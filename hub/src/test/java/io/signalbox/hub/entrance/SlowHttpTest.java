package io.signalbox.hub.entrance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.socket.RawSocket;
import org.junit.jupiter.api.Test;

/** Requests that do not come to their end in time. */
class SlowHttpTest {
  @StartHub({"--http-head-timeout", "100ms", "--api-body-timeout", "100ms"})
  private static RunningHub hub;

  private static void timesOut(String request) {
    try (RawSocket client = RawSocket.dial(hub.port())) {
      client.bytes(request.getBytes(ISO_8859_1));
      assertThat(client.rest()).contains("HTTP/1.1 408 ", "\"code\":\"timeout\"");
    }
  }

  @Test
  void a_head_that_does_not_end_is_refused_in_time() {
    timesOut("GET /api/v1/devices HTTP/1.1\r\nHost: h\r\n");
    timesOut("GET /device/v1/stream HT");
    timesOut("PO");
  }

  @Test
  void a_second_head_that_does_not_end_is_refused_as_well() {
    try (RawSocket client = RawSocket.dial(hub.port())) {
      client.bytes("GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      client.bytes("GET /health".getBytes(ISO_8859_1));
      assertThat(client.rest()).contains("HTTP/1.1 408 ");
    }
  }

  @Test
  void a_body_that_does_not_come_is_refused_in_time() {
    String admin = "Host: h\r\nAuthorization: Bearer " + RunningHub.ADMIN_KEY + "\r\n";
    String device = "Host: h\r\nAuthorization: Bearer " + hub.register("slow") + "\r\n";
    String begun = "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{";
    timesOut("POST /api/v1/devices HTTP/1.1\r\n" + admin + begun);
    timesOut("POST /device/v1/telemetry HTTP/1.1\r\n" + device + begun);
    timesOut("POST /device/v1/exchange HTTP/1.1\r\n" + device + begun);
  }
}
