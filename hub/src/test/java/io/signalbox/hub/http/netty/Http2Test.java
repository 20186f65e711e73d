package io.signalbox.hub.http.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with prior knowledge and over TLS, beside HTTP/1.1 and WebSockets on the same port. */
class Http2Test {
  private static final int DEADLINE = 180;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();

  private record Answer(int status, HttpVersion version, String body) {}

  @AfterEach
  void close() throws Exception {
    vertx.close().await(DEADLINE, TimeUnit.SECONDS);
  }

  private HttpClient client(HttpVersion version) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(version)
            .setHttp2ClearTextUpgrade(false)
            .setUseAlpn(true)
            .setTrustAll(true)
            .setVerifyHost(false));
  }

  private static Future<Answer> ask(
      HttpClient client, int port, HttpMethod method, String path, String body) {
    return client
        .request(method, port, "127.0.0.1", path)
        .compose(
            request ->
                request
                    .putHeader("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
                    .putHeader("Content-Type", "application/json")
                    .send(Buffer.buffer(body))
                    .compose(Http2Test::answer));
  }

  private static Future<Answer> answer(HttpClientResponse response) {
    HttpVersion version = response.version();
    return response.body().map(body -> new Answer(response.statusCode(), version, body.toString()));
  }

  private static Answer call(
      HttpClient client, int port, HttpMethod method, String path, String body) throws Exception {
    return ask(client, port, method, path, body).await(DEADLINE, TimeUnit.SECONDS);
  }

  @Test
  void a_client_with_prior_knowledge_uses_http2_in_clear_text(@StartHub RunningHub hub)
      throws Exception {
    HttpClient client = client(HttpVersion.HTTP_2);

    Answer made =
        call(client, hub.port(), HttpMethod.POST, "/api/v1/devices", "{\"id\":\"pump-7\"}");

    assertThat(made.version()).isEqualTo(HttpVersion.HTTP_2);
    assertThat(made.status()).isEqualTo(201);
    assertThat(call(client, hub.port(), HttpMethod.GET, "/api/v1/devices/pump-7", "").body())
        .contains("pump-7");
    assertThat(call(client, hub.port(), HttpMethod.GET, "/device/v1/stream", "").status())
        .isEqualTo(426);
    assertThat(call(client, hub.port(), HttpMethod.POST, "/api/v1/devices", "{").body())
        .contains("\"malformed\"");
  }

  @Test
  void a_body_without_a_length_is_read_over_http2(@StartHub RunningHub hub) throws Exception {
    Answer made =
        client(HttpVersion.HTTP_2)
            .request(HttpMethod.POST, hub.port(), "127.0.0.1", "/api/v1/devices")
            .compose(
                request -> {
                  request
                      .putHeader("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
                      .putHeader("Content-Type", "application/json")
                      .setChunked(true);
                  Future<Answer> answer = request.response().compose(Http2Test::answer);
                  return request
                      .write("{\"id\":")
                      .compose(begun -> request.end("\"pump-8\"}"))
                      .compose(sent -> answer);
                })
            .await(DEADLINE, TimeUnit.SECONDS);

    assertThat(made.status()).isEqualTo(201);
  }

  @Test
  void many_held_polls_share_one_connection(@StartHub RunningHub hub) throws Exception {
    hub.register("pump-7");
    String id =
        hub.post("/api/v1/devices/pump-7/commands", "{\"name\":\"start\"}").path("id").asText();
    HttpClient client = client(HttpVersion.HTTP_2);
    List<Future<Answer>> polls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      polls.add(ask(client, hub.port(), HttpMethod.GET, "/api/v1/commands/" + id + "?wait=20", ""));
    }

    hub.delete("/api/v1/commands/" + id);

    for (Future<Answer> poll : polls) {
      assertThat(poll.await(DEADLINE, TimeUnit.SECONDS).body()).contains("cancelled");
    }
  }

  @Test
  void over_tls_alpn_selects_the_protocol_and_websockets_work() throws Exception {
    Path certificate = directory.resolve("certificate.pem");
    Path key = directory.resolve("key.pem");
    Certificates.write(certificate, key);
    try (RunningHub hub =
        RunningHub.start(
            directory.resolve("data"),
            "--http-tls-certificate",
            certificate.toString(),
            "--http-tls-key",
            key.toString())) {
      for (HttpVersion version : List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)) {
        HttpClient client =
            vertx.createHttpClient(
                new HttpClientOptions()
                    .setProtocolVersion(version)
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setTrustAll(true)
                    .setVerifyHost(false));
        Answer live = call(client, hub.port(), HttpMethod.GET, "/health/live", "");
        assertThat(live.version()).isEqualTo(version);
        assertThat(live.status()).isEqualTo(200);
      }
      assertThat(hello(hub.port())).contains("\"hello\"");
    }
  }

  private String hello(int port) throws Exception {
    WebSocketConnectOptions stream =
        new WebSocketConnectOptions()
            .setSsl(true)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/api/v1/stream")
            .addHeader("Authorization", "Bearer " + RunningHub.ADMIN_KEY);
    Promise<String> first = Promise.promise();
    WebSocketClient client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setTrustAll(true).setVerifyHost(false));
    ClientWebSocket socket = client.webSocket().textMessageHandler(first::tryComplete);
    socket.connect(stream).onFailure(first::tryFail);
    return first.future().await(DEADLINE, TimeUnit.SECONDS);
  }

  @Test
  void a_hub_without_a_readable_certificate_fails_to_start() {
    assertThatThrownBy(
            () ->
                RunningHub.start(
                    directory.resolve("data"),
                    "--http-tls-certificate",
                    "/no/such.pem",
                    "--http-tls-key",
                    "/no/such.key"))
        .hasMessageContaining("http.tlsCertificate: /no/such.pem cannot be read");
  }
}
