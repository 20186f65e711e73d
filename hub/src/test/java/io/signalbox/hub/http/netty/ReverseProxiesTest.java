package io.signalbox.hub.http.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.http.netty.ReverseProxyProcess.Kind;
import io.signalbox.hub.websocket.RawConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations of docs/proxies work unchanged, with real proxies and a real hub. */
class ReverseProxiesTest {
  private static final String CLIENT = "127.0.0.5";

  /** The longest poll, in seconds. */
  private static final int LONGEST = 60;

  @StartHub({"--http-trusted-proxies", "127.0.0.1"})
  private static RunningHub hub;

  @TempDir private static Path folder;
  private static final Map<Kind, ReverseProxyProcess> PROXIES = new EnumMap<>(Kind.class);

  private final String device = "device-" + UUID.randomUUID();
  private final String key = hub.register(device);

  @AfterAll
  static void stop() {
    PROXIES.values().forEach(ReverseProxyProcess::close);
  }

  private static ReverseProxyProcess proxy(Kind kind) throws Exception {
    ReverseProxyProcess known = PROXIES.get(kind);
    if (known != null) {
      return known;
    }
    Path own = Files.createTempDirectory(folder, kind.name());
    ReverseProxyProcess started = ReverseProxyProcess.start(kind, hub.port(), own);
    PROXIES.put(kind, started);
    return started;
  }

  static Stream<Arguments> everyWayIn() {
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                kind == Kind.HAPROXY_PROXY_PROTOCOL
                    ? Stream.of(Arguments.of(kind, false))
                    : Stream.of(Arguments.of(kind, false), Arguments.of(kind, true)));
  }

  private String get(String path, String... headers) {
    StringBuilder request =
        new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: hub.test\r\n")
            .append("Authorization: Bearer " + key + "\r\n");
    Stream.of(headers).forEach(header -> request.append(header).append("\r\n"));
    return request.append("\r\n").toString();
  }

  private static String handshake(String path, String host, String... headers) {
    StringBuilder request =
        new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n")
            .append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
            .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    Stream.of(headers).forEach(header -> request.append(header).append("\r\n"));
    return request.append("\r\n").toString();
  }

  private void command(String name) {
    hub.post("/api/v1/devices/" + device + "/commands", "{\"name\":\"" + name + "\"}");
  }

  private String address() {
    return hub.get("/api/v1/devices/" + device + "/presence").path("address").asText();
  }

  private String state() {
    return hub.get("/api/v1/devices/" + device + "/presence").path("state").asText();
  }

  @ParameterizedTest
  @MethodSource("everyWayIn")
  void a_websocket_passes_and_the_hub_knows_the_client(Kind kind, boolean tls) throws Exception {
    try (RawConnection client = proxy(kind).from(CLIENT, tls)) {
      client.send(
          handshake(
              "/device/v1/stream",
              "hub.test",
              "Authorization: Bearer " + key,
              "Sec-WebSocket-Protocol: signalbox.v1.json"));

      assertThat(client.answer()).startsWith("HTTP/1.1 101");
      client.until("\"welcome\"");
      command("over-the-socket");
      client.until("over-the-socket");
      assertThat(address()).matches("127\\.0\\.0\\.5(:\\d+)?");
    }
  }

  @ParameterizedTest
  @MethodSource("everyWayIn")
  void an_event_stream_is_not_buffered(Kind kind, boolean tls) throws Exception {
    try (RawConnection client = proxy(kind).from(CLIENT, tls)) {
      client.send(get("/device/v1/commands", "Accept: text/event-stream"));
      await().until(this::state, "online"::equals);
      assertThat(address()).matches("127\\.0\\.0\\.5(:\\d+)?");

      command("over-the-stream");

      client.until("over-the-stream");
    }
  }

  @ParameterizedTest
  @MethodSource("everyWayIn")
  void a_poll_is_held_and_answered(Kind kind, boolean tls) throws Exception {
    try (RawConnection client = proxy(kind).from(CLIENT, tls)) {
      client.send(get("/device/v1/commands?wait=45"));
      await().until(this::state, "online"::equals);

      command("over-the-poll");

      client.until("over-the-poll");
    }
  }

  @ParameterizedTest
  @MethodSource("everyWayIn")
  void forged_forwarding_headers_of_the_client_are_ignored(Kind kind, boolean tls)
      throws Exception {
    try (RawConnection client = proxy(kind).from(CLIENT, tls)) {
      client.send(
          get(
              "/device/v1/commands",
              "X-Forwarded-For: 6.6.6.6",
              "Forwarded: for=6.6.6.6;proto=https;host=evil.example"));

      assertThat(client.answer()).startsWith("HTTP/1.1 204");
      assertThat(address()).matches("127\\.0\\.0\\.5(:\\d+)?");
    }
  }

  @ParameterizedTest
  @MethodSource("everyWayIn")
  void the_consoles_page_signs_in_and_another_sites_does_not(Kind kind, boolean tls)
      throws Exception {
    ReverseProxyProcess proxy = proxy(kind);
    String host = "hub.test:" + proxy.port(tls);
    String cookie;
    try (RawConnection client = proxy.from(CLIENT, tls)) {
      String answer = client.send(signIn(host, proxy.origin(tls))).answer();
      assertThat(answer).startsWith("HTTP/1.1 200");
      assertThat(answer.contains("; Secure")).isEqualTo(tls);
      Matcher set = Pattern.compile("(?i)set-cookie: ([^;]+);").matcher(answer);
      assertThat(set.find()).isTrue();
      cookie = set.group(1);
    }
    try (RawConnection client = proxy.from(CLIENT, tls)) {
      assertThat(client.send(signIn(host, "http://evil.example")).answer())
          .startsWith("HTTP/1.1 403");
    }
    try (RawConnection client = proxy.from(CLIENT, tls)) {
      String[] headers = {"Cookie: " + cookie, "Origin: " + proxy.origin(tls)};
      client.send(handshake("/api/v1/stream", host, headers));
      assertThat(client.answer()).startsWith("HTTP/1.1 101");
      client.until("\"hello\"");
    }
    try (RawConnection client = proxy.from(CLIENT, tls)) {
      String[] headers = {"Cookie: " + cookie, "Origin: https://evil.example"};
      client.send(handshake("/api/v1/stream", host, headers));
      assertThat(client.answer()).startsWith("HTTP/1.1 403");
    }
  }

  private static String signIn(String host, String origin) {
    String body = "{\"key\":\"" + RunningHub.ADMIN_KEY + "\"}";
    return "POST /api/v1/session HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n".formatted(host, origin)
        + "Content-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void a_precondition_accepts_a_tag_changed_by_a_compressing_proxy() throws Exception {
    ReverseProxyProcess proxy = proxy(Kind.NGINX_GZIP);
    String path = "/api/v1/devices/" + device + "/twin";
    String admin = "Host: hub.test\r\nAuthorization: Bearer " + RunningHub.ADMIN_KEY + "\r\n";
    String tag;
    try (RawConnection client = proxy.from(CLIENT, false)) {
      client.send("GET " + path + " HTTP/1.1\r\n" + admin + "Accept-Encoding: gzip\r\n\r\n");
      Matcher found = Pattern.compile("(?i)etag: (\\S+)").matcher(client.until("\r\n\r\n"));
      assertThat(found.find()).isTrue();
      tag = found.group(1);
    }
    assertThat(tag).isEqualTo("W/\"0-0\"");
    try (RawConnection client = proxy.from(CLIENT, false)) {
      client.send(
          "PATCH "
              + path
              + "/desired HTTP/1.1\r\n"
              + admin
              + "If-Match: "
              + tag
              + "\r\nContent-Type: application/merge-patch+json\r\nContent-Length: 7\r\n\r\n{\"x\":1}");
      assertThat(client.answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void ways_to_connect_quotes_the_files_unchanged() throws Exception {
    String page = Files.readString(Path.of("../docs/ways-to-connect.md"));
    try (Stream<Path> files = Files.list(ReverseProxyProcess.FILES)) {
      List<Path> all = files.toList();
      assertThat(all).hasSizeGreaterThanOrEqualTo(5);
      for (Path file : all) {
        assertThat(page)
            .as(file.toString())
            .contains("```\n" + ReverseProxyProcess.file(file) + "```\n");
      }
    }
  }

  @Test
  void every_timeout_is_longer_than_the_longest_poll() throws Exception {
    try (Stream<Path> files = Files.list(ReverseProxyProcess.FILES)) {
      for (Path file : files.toList()) {
        String text = ReverseProxyProcess.file(file).toLowerCase(Locale.ROOT);
        Matcher timeouts =
            Pattern.compile("(?:timeout +(?:client|server|tunnel)|_timeout) +(\\d+)s")
                .matcher(text);
        while (timeouts.find()) {
          assertThat(Integer.parseInt(timeouts.group(1)))
              .as(file.toString())
              .isGreaterThan(LONGEST);
        }
      }
    }
  }
}
