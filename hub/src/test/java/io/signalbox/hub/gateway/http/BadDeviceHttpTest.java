package io.signalbox.hub.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed, oversized and slow requests to device endpoints, and HTTP/2. */
@SuppressWarnings("NullAway.Init") // set before each test
class BadDeviceHttpTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final int LIMIT = 65_536;

  @StartHub({"--gateway-max-frame-bytes", "65536"})
  private static RunningHub hub;

  private String id;
  private String key;

  @BeforeEach
  void register() {
    id = "bad-" + DEVICES.incrementAndGet();
    key = hub.register(id);
  }

  private String head(String line, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return line + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + key + "\r\n" + more;
  }

  private static String post(String route) {
    return "POST /device/v1/" + route;
  }

  private static String refused(int status, String code, String head, byte... body) {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      client.bytes(head.getBytes(ISO_8859_1));
      client.bytes(body);
      String answer = client.rest();
      assertThat(answer).containsPattern("^HTTP/1[.][01] " + status + " ");
      assertThat(answer.toLowerCase(Locale.ROOT)).contains("content-type: application/problem+");
      assertThat(answer).contains("\"code\":\"" + code + "\"");
      return answer;
    }
  }

  private String refusedWhole(int status, String code, String line, byte[] body, String header) {
    String length = "Content-Length: " + body.length;
    return refused(status, code, head(line, header, length, "Connection: close") + "\r\n", body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"telemetry", "exchange"})
  void a_head_that_is_too_large_is_refused(String route) {
    refused(431, "headers-too-large", head(post(route)) + "X: some header\r\n".repeat(2_000));
    refused(414, "uri-too-long", head(post(route) + "?" + "a".repeat(9_000)) + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "telemetry, Content-Length: 5|Content-Length: 6",
    "telemetry, Content-Length: -1",
    "telemetry, Content-Length: ten",
    "exchange, Content-Length: 5|Content-Length: 6",
    "exchange, Content-Length: -1",
    "exchange, Content-Length: ten"
  })
  void an_invalid_content_length_is_refused(String route, String lengths) {
    refused(400, "malformed", head(post(route), lengths.split("[|]", -1)) + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"telemetry", "exchange"})
  void a_malformed_late_or_oversized_body_is_refused(String route) {
    String chunked = head(post(route), "Transfer-Encoding: chunked") + "\r\n";
    refused(400, "malformed", chunked + "zz\r\n{}\r\n");
    refused(413, "too-large", head(post(route), "Content-Length: 70000") + "\r\n");
    refused(413, "too-large", chunked + "11170\r\n" + " ".repeat(70_000) + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"telemetry", "exchange"})
  void a_body_with_invalid_compression_is_refused(String route) {
    byte[] bomb = TestHttpDevice.packed(new byte[16 * 1024 * 1024]);
    byte[] whole = TestHttpDevice.packed("{\"values\":{\"t\":1}}".getBytes(ISO_8859_1));
    byte[] cut = Arrays.copyOf(whole, 20);
    byte[] plain = "{}".getBytes(ISO_8859_1);

    assertThat(bomb.length).isLessThan(LIMIT);
    refusedWhole(413, "too-large", post(route), bomb, "Content-Encoding: gzip");
    refusedWhole(400, "malformed", post(route), cut, "Content-Encoding: gzip");
    byte[] followed = Arrays.copyOf(whole, whole.length + 3);
    refusedWhole(400, "malformed", post(route), followed, "Content-Encoding: gzip");
    byte[] junk = Arrays.copyOf(whole, whole.length + 2_000);
    refusedWhole(400, "malformed", post(route), junk, "Content-Encoding: gzip");
    refusedWhole(400, "malformed", post(route), plain, "Content-Encoding: gzip");
    refusedWhole(415, "unsupported-media-type", post(route), plain, "Content-Encoding: br");
    refusedWhole(415, "unsupported-media-type", post(route), plain, "Content-Type: text/html");
  }

  @Test
  void a_missing_path_is_404() {
    byte[] done = "{\"status\":\"succeeded\"}".getBytes(ISO_8859_1);
    String json = "Content-Type: application/json";
    refusedWhole(404, "unknown-command", post("commands/unknown/result"), done, json);
    refusedWhole(404, "not-found", post("nothing"), done, json);
    assertThat(refusedWhole(405, "method-not-allowed", "PUT /device/v1/telemetry", done, json))
        .containsIgnoringCase("allow: POST\r\n");
  }

  @ParameterizedTest
  @CsvSource({"wait=-1, wait", "wait=99999999999, wait", "max=0, max", "max=1e9, max"})
  void invalid_query_parameters_are_refused_with_their_name(String query, String parameter) {
    String poll = head("GET /device/v1/commands?" + query, "Connection: close") + "\r\n";
    assertThat(refused(400, "invalid", poll)).contains("\"" + parameter + "\"");
  }

  @Test
  void pipelined_held_polls_with_one_key_are_all_answered() {
    String poll = head("GET /device/v1/commands?wait=1") + "\r\n";
    try (RawWebSocket one = RawWebSocket.dial(hub.port());
        RawWebSocket other = RawWebSocket.dial(hub.port())) {
      one.bytes((poll + poll).getBytes(ISO_8859_1));
      other.bytes(poll.getBytes(ISO_8859_1));

      assertThat(one.head()).startsWith("HTTP/1.1 204 ");
      assertThat(one.head()).startsWith("HTTP/1.1 204 ");
      assertThat(other.head()).startsWith("HTTP/1.1 204 ");
    }
  }

  @Test
  void nothing_of_an_incomplete_body_is_stored() {
    try (RawWebSocket client = RawWebSocket.dial(hub.port())) {
      String head = head(post("telemetry"), "Content-Length: 100");
      String begun = head + "\r\n{\"values\":{\"cut\":1}}";
      client.bytes(begun.getBytes(ISO_8859_1));
      client.cut();
    }
    new TestHttpDevice(hub.port(), key).post("telemetry", "{\"values\":{\"t\":1}}").is(202);

    String latest = hub.get("/api/v1/devices/" + id + "/telemetry/latest").toString();
    assertThat(latest).contains("\"t\"").doesNotContain("cut");
  }

  @Test
  void readings_polls_and_streams_work_over_http2() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false));
      assertThat(status(ask(client, HttpMethod.POST, "telemetry"), "{\"values\":{\"t\":1}}"))
          .isEqualTo(202);
      assertThat(status(ask(client, HttpMethod.GET, "commands?wait=1"), "")).isEqualTo(204);
      assertThat(welcome(ask(client, HttpMethod.GET, "commands"))).contains("event: welcome");
    } finally {
      vertx.close().await(120, TimeUnit.SECONDS);
    }
  }

  private Future<HttpClientRequest> ask(HttpClient client, HttpMethod method, String route) {
    return client
        .request(method, hub.port(), "127.0.0.1", "/device/v1/" + route)
        .map(request -> request.putHeader("Authorization", "Bearer " + key));
  }

  private static int status(Future<HttpClientRequest> request, String body) throws Exception {
    return request
        .compose(ready -> ready.send(Buffer.buffer(body)))
        .compose(response -> response.body().map(whole -> response.statusCode()))
        .await(120, TimeUnit.SECONDS);
  }

  private static String welcome(Future<HttpClientRequest> request) throws Exception {
    return request
        .compose(ready -> ready.putHeader("Accept", "text/event-stream").send())
        .compose(response -> Future.<Buffer>future(first -> response.handler(first::tryComplete)))
        .await(120, TimeUnit.SECONDS)
        .toString();
  }
}
