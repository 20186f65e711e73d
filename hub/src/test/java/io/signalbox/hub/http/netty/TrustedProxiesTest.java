package io.signalbox.hub.http.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawConnection;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's address, with 127.0.0.2 as trusted proxy and 127.0.0.3 as untrusted client. */
class TrustedProxiesTest {
  private static final String PROXY = "127.0.0.2";
  private static final String NOBODY = "127.0.0.3";
  private static final byte[] V2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);

  @StartHub({"--http-trusted-proxies", PROXY, "--http-header-timeout", "1s"})
  private static RunningHub hub;

  private final String device = "device-" + UUID.randomUUID();
  private final String key = hub.register(device);

  private static RawConnection from(String address) {
    return RawConnection.from(address, hub.port());
  }

  private static String poll(String authorization, String... headers) {
    StringBuilder request =
        new StringBuilder("GET /device/v1/commands HTTP/1.1\r\nHost: hub.test\r\nAuthorization: ")
            .append(authorization)
            .append("\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  private String poll() {
    return poll("Bearer " + key);
  }

  private String address() {
    return hub.get("/api/v1/devices/" + device + "/presence").path("address").asText();
  }

  private String addressAfter(String from, String... said) {
    try (RawConnection client = from(from)) {
      for (String part : said) {
        client.send(part);
      }
      assertThat(client.answer()).startsWith("HTTP/1.1 204");
    }
    return address();
  }

  private static byte[] v2(int command, int family, byte[] rest) {
    return ByteBuffer.allocate(16 + rest.length)
        .put(V2)
        .put((byte) command)
        .put((byte) family)
        .putShort((short) rest.length)
        .put(rest)
        .array();
  }

  private static byte[] ipv4(byte[] more) {
    return ByteBuffer.allocate(12 + more.length)
        .put(new byte[] {(byte) 192, 0, 2, 7, 127, 0, 0, 1})
        .putShort((short) 4_711)
        .putShort((short) 80)
        .put(more)
        .array();
  }

  private static double refused() {
    try (RawConnection scraper = from("127.0.0.1")) {
      String page =
          scraper.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").answer();
      String line =
          page.lines()
              .filter(each -> each.startsWith("signalbox_http_proxy_header_errors_total "))
              .findFirst()
              .orElseThrow();
      return Double.parseDouble(line.substring(line.indexOf(' ') + 1));
    }
  }

  @Test
  void headers_of_a_trusted_proxy_name_the_client() {
    assertThat(addressAfter(PROXY, poll("Bearer " + key, "X-Forwarded-For: 6.6.6.6, 192.0.2.7")))
        .isEqualTo("192.0.2.7");
    assertThat(addressAfter(PROXY, poll("Bearer " + key, "Forwarded: for=\"[2001:db8::7]:9\"")))
        .isEqualTo("[2001:db8::7]:9");
  }

  @Test
  void headers_of_untrusted_clients_are_ignored() {
    String[] headers = {"X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7"};

    assertThat(addressAfter(NOBODY, poll("Bearer " + key, headers))).startsWith(NOBODY + ":");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n",
        "PROXY TCP6 2001:db8::7 ::1 4711 80\r\n",
      })
  void a_proxy_protocol_v1_header_names_the_client(String header) {
    String expected = header.contains("TCP4") ? "192.0.2.7:4711" : "[2001:db8::7]:4711";

    assertThat(addressAfter(PROXY, header + poll())).isEqualTo(expected);
    // Also byte by byte.
    String[] bytes = (header + poll()).split("");
    assertThat(addressAfter(PROXY, bytes)).isEqualTo(expected);
  }

  @Test
  void a_proxy_protocol_v2_header_names_the_client() {
    String header = new String(v2(0x21, 0x11, ipv4(new byte[] {4, 0, 1, 7})), ISO_8859_1);

    assertThat(addressAfter(PROXY, header + poll())).isEqualTo("192.0.2.7:4711");
    assertThat(addressAfter(PROXY, (header + poll()).split(""))).isEqualTo("192.0.2.7:4711");
  }

  @Test
  void a_proxy_with_a_local_header_is_the_client() {
    String local = new String(v2(0x20, 0, new byte[0]), ISO_8859_1);

    assertThat(addressAfter(PROXY, "PROXY UNKNOWN\r\n" + poll())).startsWith(PROXY + ":");
    assertThat(addressAfter(PROXY, local + poll())).startsWith(PROXY + ":");
    assertThat(addressAfter(PROXY, poll())).startsWith(PROXY + ":");
  }

  @Test
  void the_client_of_a_proxy_header_is_not_trusted_as_a_proxy() {
    String header = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n";

    assertThat(addressAfter(PROXY, header + poll("Bearer " + key, "X-Forwarded-For: 6.6.6.6")))
        .isEqualTo("192.0.2.7:4711");
    String inner = "PROXY TCP4 127.0.0.2 127.0.0.1 4711 80\r\n";
    assertThat(addressAfter(PROXY, inner + poll("Bearer " + key, "X-Forwarded-For: 192.0.2.9")))
        .isEqualTo("192.0.2.9");
  }

  @Test
  void a_proxy_protocol_header_from_an_untrusted_peer_is_malformed_http() {
    try (RawConnection client = from(NOBODY)) {
      client.send("PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n" + poll());
      assertThat(client.answer()).containsPattern("^HTTP/1[.][01] 400 ");
    }
  }

  @Test
  void a_second_proxy_header_is_malformed_http() {
    String header = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n";
    try (RawConnection client = from(PROXY)) {
      assertThat(client.send(header + header + poll()).answer())
          .containsPattern("^HTTP/1[.][01] 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 192.0.2.7 4711 80\r\n",
        "PROXY TCP4 192.0.2.777 127.0.0.1 4711 80\r\n",
        "PROXY TCP4 192.0.2.7 127.0.0.1 99999 80\r\n",
        "PROXY SPDY 192.0.2.7 127.0.0.1 4711 80\r\n",
        "PROXY TCP4 192.0.2.7 127.0.0.1 4711 80 and so on, for much longer than a header can be,"
            + " without an end of the line that a proxy would have set",
        "\r\n\r\n\0\r\nQUIT\n1\u0011\0\0",
        "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u0004abcd",
        "\r\n\r\n\0\r\nQUIT\n!\u0011\u00ff\u00ffabcd",
        "PROXY TCP4 192.0.2.7 127.0.0.1",
      })
  void a_malformed_oversized_or_incomplete_header_ends_the_connection(String header) {
    double before = refused();
    try (RawConnection client = from(PROXY)) {
      assertThat(client.send(header).isEnded()).isTrue();
    }
    await().until(() -> refused() == before + 1);
  }

  @Test
  void bytes_that_only_start_like_a_header_are_http() {
    try (RawConnection client = from(PROXY)) {
      client.send("P");
      client.send("ROPFIND / HTTP/1.1\r\nHost: hub.test\r\n\r\n");
      assertThat(client.answer()).contains("\"code\":");
    }
    // RFC 9112, 2.2: empty lines before a request are skipped.
    assertThat(addressAfter(PROXY, "\r", "\n", poll())).startsWith(PROXY + ":");
  }

  @Test
  void a_partial_preface_times_out_like_any_slow_request() {
    try (RawConnection client = from(PROXY)) {
      assertThat(client.send("\r\n\r\n").answer()).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void the_address_of_a_websocket_is_that_of_the_client() {
    try (RawConnection client = from(PROXY)) {
      client.send(
          "GET /device/v1/stream HTTP/1.1\r\nHost: hub.test\r\nUpgrade: websocket\r\n"
              + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + "Sec-WebSocket-Protocol: signalbox.v1.json\r\nX-Forwarded-For: 192.0.2.7\r\n"
              + "Authorization: Bearer "
              + key
              + "\r\n\r\n");
      assertThat(client.answer()).startsWith("HTTP/1.1 101");
      await().until(this::address, "192.0.2.7"::equals);
    }
    await()
        .untilAsserted(
            () -> {
              JsonNode entries = hub.get("/api/v1/devices/" + device + "/recorder").path("items");
              assertThat(entries.findValuesAsText("address")).contains("192.0.2.7");
            });
  }

  @Test
  void the_address_of_an_event_stream_is_that_of_the_client() {
    try (RawConnection client = from(PROXY)) {
      client.send(poll("Bearer " + key, "X-Forwarded-For: 192.0.2.7", "Accept: text/event-stream"));
      assertThat(client.answer()).startsWith("HTTP/1.1 200");
      await().until(this::address, "192.0.2.7"::equals);
    }
  }

  @Test
  void two_pollers_with_one_key_are_distinguished_behind_a_proxy() {
    for (int i = 0; i < 20 && kind().isEmpty(); i++) {
      String one = "X-Forwarded-For: 192.0.2." + (i % 2 + 1);
      try (RawConnection client = from(PROXY)) {
        client.send(poll("Bearer " + key, one)).answer();
      }
    }

    assertThat(kind()).isEqualTo("contested");
    assertThat(hub.get("/api/v1/devices/" + device + "/presence").path("flapping").toString())
        .contains("192.0.2.1", "192.0.2.2");
  }

  private String kind() {
    return hub.get("/api/v1/devices/" + device + "/presence")
        .path("flapping")
        .path("kind")
        .asText();
  }

  @Test
  void a_client_that_guesses_keys_does_not_throttle_others_behind_the_proxy() {
    String guesser = "X-Forwarded-For: 198.51.100.6";
    for (int i = 0; i < 10; i++) {
      assertThat(guess(guesser, i)).startsWith("HTTP/1.1 401");
    }

    assertThat(guess(guesser, 10)).startsWith("HTTP/1.1 429");
    assertThat(guess("X-Forwarded-For: 198.51.100.7", 11)).startsWith("HTTP/1.1 401");
    assertThat(guess("X-Forwarded-For: 198.51.100.6, 198.51.100.8", 12)).startsWith("HTTP/1.1 401");
  }

  private static String guess(String forwarded, int number) {
    try (RawConnection client = from(PROXY)) {
      return client
          .send(
              "GET /api/v1/devices HTTP/1.1\r\nHost: hub.test\r\n%s\r\nAuthorization: Bearer guess-%d\r\n\r\n"
                  .formatted(forwarded, number))
          .answer();
    }
  }
}
