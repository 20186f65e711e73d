package io.signalbox.hub.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP Basic (RFC 7617) with any user and the key as password, on every endpoint that takes a
 * bearer key.
 */
class BasicAuthorizationTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;
  private RunningHub hub;
  private String deviceKey = "";

  @BeforeEach
  void open() {
    hub = RunningHub.start(directory);
    deviceKey = hub.register("pump");
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(Duration.ofMinutes(3));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> upload(String... headers) throws Exception {
    return send(
        to("/device/v1/telemetry")
            .headers(headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"t\":1}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"collectd", "", "päivi", "a b"})
  void a_device_uploads_with_its_key_as_the_password_of_any_user(String user) throws Exception {
    assertThat(upload("Authorization", basic(user, deviceKey)).statusCode()).isEqualTo(202);
  }

  @Test
  void a_password_may_contain_colons_and_the_scheme_is_case_insensitive() throws Exception {
    String key = "a-key:with-colons:and-24-characters";
    hub.post("/api/v1/devices", "{\"id\":\"valve\",\"key\":\"" + key + "\"}");

    String authorization = basic("x", key).replace("Basic", "bAsIc");

    assertThat(upload("Authorization", authorization).statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/devices", "/api/v1/session", "/api/v1/events/poll?wait=0"})
  void a_program_calls_the_api_with_its_key_as_the_password(String path) throws Exception {
    String authorization = basic("telegraf", RunningHub.ADMIN_KEY);

    HttpResponse<String> answer = send(to(path).header("Authorization", authorization));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void websockets_of_devices_and_programs_take_basic_too() {
    String device = "Authorization: " + basic("pump", deviceKey);
    String program = "Authorization: " + basic("viewer", RunningHub.ADMIN_KEY);
    String protocol = "Sec-WebSocket-Protocol: signalbox.v1.json";
    try (RawWebSocket pump = RawWebSocket.open(hub.port(), "/device/v1/stream", device, protocol);
        RawWebSocket client = RawWebSocket.open(hub.port(), "/api/v1/stream", program)) {
      assertThat(pump.next().text()).contains("\"welcome\"");
      assertThat(client.next().text()).contains("\"hello\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Basic, must be Bearer or Basic",
    "Basic !!!!, Basic must be",
    "Basic bm8gY29sb24=, Basic must be",
    "Basic YTpi, unknown API key",
    "Digest username=a, must be Bearer or Basic",
    "sbd_something, must be Bearer or Basic",
  })
  void invalid_authorization_headers_are_refused_with_the_reason(String authorization, String said)
      throws Exception {
    HttpResponse<String> device = upload("Authorization", authorization);
    HttpResponse<String> program =
        send(to("/api/v1/devices").header("Authorization", authorization));

    assertThat(device.statusCode()).isEqualTo(401);
    assertThat(program.statusCode()).isEqualTo(401);
    assertThat(program.body()).contains(said);
    assertThat(device.body()).contains(said.equals("unknown API key") ? "key" : said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/devices", "/device/v1/commands", "/api/v1/events"})
  void a_client_other_than_a_browser_is_challenged_for_both_schemes(String path) throws Exception {
    HttpResponse<String> answer = send(to(path).header("User-Agent", "collectd/5.12"));

    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactly(
            "Bearer realm=\"signalbox\"", "Basic realm=\"signalbox\", charset=\"UTF-8\"");
  }

  @Test
  void a_refused_handshake_carries_both_challenges() {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      assertThat(client.handshake("/api/v1/stream"))
          .startsWith("HTTP/1.1 401")
          .containsIgnoringCase("WWW-Authenticate: Bearer")
          .containsIgnoringCase("WWW-Authenticate: Basic");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Mode, cors",
    "Sec-Fetch-Site, none",
    "Origin, http://hub.test",
    "Cookie, other=1",
    "User-Agent, Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
  })
  void a_browser_is_not_challenged_for_basic_or_it_would_open_a_dialog(String name, String value)
      throws Exception {
    for (String path : new String[] {"/api/v1/devices", "/api/v1/events", "/device/v1/twin"}) {
      HttpResponse<String> answer = send(to(path).header(name, value));

      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().allValues("WWW-Authenticate"))
          .containsExactly("Bearer realm=\"signalbox\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"Sec-Fetch-Site, cross-site", "Origin, http://evil.example", "Origin, null"})
  void basic_that_a_browser_adds_by_itself_changes_nothing_from_another_sites_page(
      String name, String value) throws Exception {
    String authorization = basic("me", RunningHub.ADMIN_KEY);

    HttpResponse<String> answer =
        send(
            to("/api/v1/devices")
                .headers("Authorization", authorization, name, value)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"id\":\"valve\"}")));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(upload("Authorization", basic("me", deviceKey), name, value).statusCode())
        .isEqualTo(403);
    try (RawWebSocket page = RawWebSocket.dial(hub.port())) {
      assertThat(
              page.handshake(
                  "/api/v1/stream", "Authorization: " + authorization, name + ": " + value))
          .startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void curl_with_challenge_authentication_uploads_like_collectd() throws IOException {
    Process curl =
        new ProcessBuilder(
                "curl",
                "-sS",
                "--max-time",
                "20",
                "--anyauth",
                "-u",
                "collectd:" + deviceKey,
                "-H",
                "Content-Type: application/json",
                "-d",
                "{\"t\":1}",
                "-w",
                "%{http_code}",
                "http://127.0.0.1:" + hub.port() + "/device/v1/telemetry")
            .redirectErrorStream(true)
            .start();

    String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).isEqualTo("{\"accepted\":1}202");
  }
}
