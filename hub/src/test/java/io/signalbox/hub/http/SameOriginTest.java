package io.signalbox.hub.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawConnection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pages count as the hub's own, directly and behind a trusted proxy (127.0.0.2). */
class SameOriginTest {
  private static final String PROXY = "127.0.0.2";
  private static final String NOBODY = "127.0.0.3";
  private static final String SIGN_IN = "{\"key\":\"" + RunningHub.ADMIN_KEY + "\"}";

  @StartHub({"--http-trusted-proxies", PROXY})
  private static RunningHub hub;

  private static String signIn(String from, @Nullable String... headers) {
    StringBuilder request =
        new StringBuilder("POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\n");
    for (String header : headers) {
      request.append(header == null ? "" : header + "\r\n");
    }
    request.append("Content-Length: ").append(SIGN_IN.length()).append("\r\n\r\n");
    try (RawConnection client = RawConnection.from(from, hub.port())) {
      return client.send(request.append(SIGN_IN).toString()).answer();
    }
  }

  private static String handshake(String from, String cookie, String... headers) {
    StringBuilder request =
        new StringBuilder("GET /api/v1/stream HTTP/1.1\r\nUpgrade: websocket\r\n")
            .append("Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
            .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
            .append("Cookie: ")
            .append(cookie)
            .append("\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    try (RawConnection client = RawConnection.from(from, hub.port())) {
      return client.send(request.append("\r\n").toString()).answer();
    }
  }

  private static String cookie() {
    String answer = signIn(NOBODY, "Host: hub.lan");
    String head = answer.toLowerCase(Locale.ROOT);
    int at = head.indexOf("set-cookie: ") + "set-cookie: ".length();
    return answer.substring(at, answer.indexOf(';', at));
  }

  @ParameterizedTest
  @CsvSource({
    "hub.lan, http://hub.lan, true",
    "hub.lan:80, http://hub.lan, true",
    "hub.lan, http://hub.lan:80, true",
    "hub.lan:443, https://hub.lan, true",
    "hub.lan, https://hub.lan:443, true",
    "hub.lan, https://hub.lan, true",
    "HUB.lan:8080, http://hub.LAN:8080, true",
    "hub.lan:08080, http://hub.lan:8080, true",
    "[2001:db8::1]:8080, http://[2001:db8::1]:8080, true",
    "[2001:db8::1], http://[2001:db8::1], true",
    "my_hub:8080, http://my_hub:8080, true",
    "hub.lan:443, http://hub.lan, false",
    "hub.lan:80, https://hub.lan, false",
    "hub.lan, http://hub.lan:8080, false",
    "hub.lan:8443, https://hub.lan, false",
    "hub.lan, http://hub.lan.evil.example, false",
    "hub.lan, http://evil.example, false",
    "hub.lan, http://hub.lan@evil.example, false",
    "hub.lan, ftp://hub.lan, false",
    "hub.lan, file://hub.lan, false",
    "hub.lan, null, false",
    "hub.lan, hub.lan, false",
  })
  void scheme_host_and_port_are_compared_with_the_usual_ports_equal(
      String host, String origin, boolean own) {
    String answer = signIn(NOBODY, "Host: " + host, "Origin: " + origin);

    assertThat(answer).startsWith(own ? "HTTP/1.1 200" : "HTTP/1.1 403");
    assertThat(handshake(NOBODY, cookie(), "Host: " + host, "Origin: " + origin))
        .startsWith(own ? "HTTP/1.1 101" : "HTTP/1.1 403");
  }

  @ParameterizedTest
  @CsvSource({
    "https://hub.lan, X-Forwarded-Host: hub.lan, X-Forwarded-Proto: https, true",
    "https://hub.lan, X-Forwarded-Host: hub.lan:443, X-Forwarded-Proto: https, true",
    "http://hub.lan:8081, X-Forwarded-Host: hub.lan:8081, X-Forwarded-Proto: http, true",
    "https://hub.lan:8443, 'Forwarded: for=192.0.2.7;proto=https;host=\"hub.lan:8443\"', , true",
    "https://hub.lan, X-Forwarded-Host: hub.lan, , true",
    "http://127.0.0.1:7000, X-Forwarded-Proto: http, , true",
    "https://127.0.0.1:7000, X-Forwarded-Proto: http, , false",
    "http://hub.lan, X-Forwarded-Host: hub.lan, X-Forwarded-Proto: https, false",
    "http://evil.example, X-Forwarded-Host: hub.lan, X-Forwarded-Proto: http, false",
    "https://127.0.0.1:7000, X-Forwarded-Host: hub.lan, X-Forwarded-Proto: https, false",
  })
  void the_host_forwarded_by_a_trusted_proxy_is_compared(
      String origin, String first, @Nullable String second, boolean own) {
    String[] headers = {"Host: 127.0.0.1:7000", "Origin: " + origin, first, second};

    assertThat(signIn(PROXY, headers)).startsWith(own ? "HTTP/1.1 200" : "HTTP/1.1 403");
  }

  @Test
  void forwarded_headers_of_untrusted_clients_are_ignored() {
    String[] headers = {
      "Host: hub.lan", "Origin: http://evil.example", "X-Forwarded-Host: evil.example"
    };

    assertThat(signIn(NOBODY, headers)).startsWith("HTTP/1.1 403");
    assertThat(signIn(PROXY, headers)).startsWith("HTTP/1.1 200");
    assertThat(handshake(NOBODY, cookie(), headers)).startsWith("HTTP/1.1 403");
    assertThat(handshake(PROXY, cookie(), headers)).startsWith("HTTP/1.1 101");
  }

  @Test
  void the_refusal_names_the_compared_values() {
    assertThat(signIn(NOBODY, "Host: hub.lan", "Origin: https://hub.lan:8443"))
        .contains("Origin is https://hub.lan:8443, expected hub.lan;")
        .contains("http.trustedProxies");
    assertThat(
            signIn(
                PROXY,
                "Host: x",
                "Origin: http://hub.lan",
                "X-Forwarded-Host: hub.lan",
                "X-Forwarded-Proto: https"))
        .contains("Origin is http://hub.lan, expected https://hub.lan;");
    assertThat(signIn(NOBODY, "Host: hub.lan", "Sec-Fetch-Site: cross-site"))
        .contains("Sec-Fetch-Site is cross-site, not same-origin");
    assertThat(handshake(NOBODY, cookie(), "Host: hub.lan"))
        .contains("Sec-Fetch-Site and Origin are missing");
  }

  @Test
  void the_cookie_is_secure_if_a_trusted_proxy_reports_tls() {
    assertThat(signIn(PROXY, "Host: hub.lan", "X-Forwarded-Proto: https")).contains("; Secure");
    assertThat(signIn(NOBODY, "Host: hub.lan", "X-Forwarded-Proto: https"))
        .doesNotContain("; Secure");
  }
}
