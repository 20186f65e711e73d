package io.signalbox.hub.feed;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed with a cookie, from same-site and cross-site pages, and over HTTP/2. */
@Timeout(400)
@SuppressWarnings("NullAway.Init") // set before all tests
class FeedConnectionsTest {
  private static final String BODY = "{\"subscribe\":[{\"id\":1,\"topics\":[\"presence\"]}]}";

  @StartHub private static RunningHub hub;

  private final Vertx vertx = Vertx.vertx();
  private final java.net.http.HttpClient http = java.net.http.HttpClient.newHttpClient();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(120, SECONDS);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
        .header("Content-Type", "application/json");
  }

  private String cookie() throws IOException, InterruptedException {
    String key = "{\"key\":\"" + RunningHub.ADMIN_KEY + "\"}";
    HttpResponse<String> answer =
        http.send(
            request("/api/v1/session").POST(HttpRequest.BodyPublishers.ofString(key)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isLessThan(300);
    return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  private int statusOfPost(String path, Map<String, String> from) throws Exception {
    HttpRequest.Builder post =
        request(path).header("Cookie", cookie()).POST(HttpRequest.BodyPublishers.ofString(BODY));
    from.forEach(post::header);
    HttpResponse<InputStream> answer =
        http.send(post.build(), HttpResponse.BodyHandlers.ofInputStream());
    // A stream does not end by itself.
    answer.body().close();
    return answer.statusCode();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/events", "/api/v1/events/poll"})
  void a_cookie_follows_the_feed_by_post_from_the_hubs_own_pages_only(String path)
      throws Exception {
    String own = "http://127.0.0.1:" + hub.port();
    assertThat(statusOfPost(path, Map.of("Origin", own))).isEqualTo(200);
    assertThat(statusOfPost(path, Map.of("Sec-Fetch-Site", "same-origin"))).isEqualTo(200);
    assertThat(statusOfPost(path, Map.of("Origin", "https://elsewhere.example"))).isEqualTo(403);
    assertThat(statusOfPost(path, Map.of("Sec-Fetch-Site", "cross-site"))).isEqualTo(403);
    assertThat(statusOfPost(path, Map.of())).isEqualTo(403);
  }

  @Test
  void streams_and_polls_share_one_http2_connection_and_a_stream_that_is_reset_is_forgotten()
      throws Exception {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    List<HttpClientResponse> streams = new ArrayList<>();
    List<Buffer> heard = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Buffer text = Buffer.buffer();
      HttpClientResponse stream =
          get(client, "/api/v1/events?topics=presence", answer -> received(answer, text))
              .await(120, SECONDS);
      assertThat(stream.version()).isEqualTo(HttpVersion.HTTP_2);
      assertThat(stream.statusCode()).isEqualTo(200);
      streams.add(stream);
      heard.add(text);
    }
    String cursor = poll(client, "").path("cursor").asText();
    awaitStreams(10);
    hub.register("h2-device");
    await()
        .untilAsserted(
            () -> assertThat(heard).allMatch(text -> text.toString().contains("h2-device")));
    assertThat(poll(client, "?wait=20&cursor=" + cursor).toString()).contains("h2-device");
    assertThat(streams)
        .allSatisfy(
            stream ->
                assertThat(stream.request().connection())
                    .isSameAs(streams.getFirst().request().connection()));
    for (HttpClientResponse stream : streams.subList(0, 9)) {
      stream.request().reset();
    }
    awaitStreams(1);
    client.close().await(120, SECONDS);
    awaitStreams(0);
  }

  /** The response is used on the event loop, in the same turn: its data would be lost later. */
  private static <T> Future<T> get(
      HttpClient client, String path, Function<HttpClientResponse, Future<T>> use) {
    return client
        .request(HttpMethod.GET, hub.port(), "127.0.0.1", path)
        .compose(
            request ->
                request
                    .putHeader("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
                    .send()
                    .compose(use));
  }

  private static Future<HttpClientResponse> received(HttpClientResponse answer, Buffer text) {
    answer.handler(text::appendBuffer);
    return Future.succeededFuture(answer);
  }

  private static JsonNode poll(HttpClient client, String query) throws Exception {
    Buffer body =
        get(client, "/api/v1/events/poll" + query, HttpClientResponse::body).await(120, SECONDS);
    return RunningHub.json(body.toString());
  }

  private void awaitStreams(int streams) {
    String line = "signalbox_feed_clients{transport=\"sse\"} " + streams + ".0";
    HttpRequest metrics =
        request("/metrics").header("Authorization", "Bearer " + RunningHub.ADMIN_KEY).build();
    await()
        .until(
            () -> http.send(metrics, HttpResponse.BodyHandlers.ofString()).body().contains(line));
  }
}
