package io.signalbox.hub.feed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.feed.TestEventSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules common to all HTTP requests of the feed, and invalid requests. */
@Timeout(400)
class FeedRequestsTest {
  private static final String STREAM = "/api/v1/events";
  private static final String POLL = "/api/v1/events/poll";

  @StartHub({"--feed-max-held-requests", "1", "--feed-heartbeat-seconds", "2"})
  private static RunningHub hub;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /api/v1/events?x=1               |   | 400 | x",
        "GET  | /api/v1/events?cursor=a-1        |   | 400 | cursor",
        "GET  | /api/v1/events?topics=x          |   | 400 | topics",
        "GET  | /api/v1/events?label=x           |   | 400 | label",
        "GET  | /api/v1/events?rate=fast         |   | 400 | rate",
        "GET  | /api/v1/events/poll?wait=61      |   | 400 | wait",
        "GET  | /api/v1/events/poll?wait=-1      |   | 400 | wait",
        "GET  | /api/v1/events/poll?limit=0      |   | 400 | limit",
        "POST | /api/v1/events/poll?wait=1       | {} | 400 | wait",
        "POST | /api/v1/events                   | {} | 400 | subscribe",
        "POST | /api/v1/events                   | [] | 400 | object",
        "POST | /api/v1/events                   | { | 400 | line 1",
        "POST | /api/v1/events                   | {'subscribe':[{'id':1}],'wait':1} | 400 | wait",
        "POST | /api/v1/events                   | {'subscribe':[{'id':1,'x':1}]} | 400 | subscribe[0].x",
        "POST | /api/v1/events                   | {'subscribe':[{'id':1},{'id':1}]} | 400 | subscribe[1].id",
        "POST | /api/v1/events                   | {'subscribe':[{'id':1,'topics':['x']}]} | 400 | subscribe[0].topics",
        "POST | /api/v1/events                   | {'subscribe':[{'id':1}],'after':7} | 400 | after",
        "POST | /api/v1/events/poll              | {'subscribe':[{'id':1}],'wait':'x'} | 400 | wait",
        "PUT  | /api/v1/events                   | {} | 405 | GET",
        "GET  | /api/v1/events/other             |   | 404 | other"
      })
  void errors_name_the_field(String method, String path, String body, int status, String named) {
    HttpRequest.BodyPublisher content =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
    HttpResponse<String> answer =
        call(request(path).header("Content-Type", "application/json").method(method, content));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains(named);
  }

  @Test
  void the_feed_requires_a_key_and_an_acceptable_media_type() {
    assertThat(call(request(STREAM).setHeader("Authorization", "Bearer x")).statusCode())
        .isEqualTo(401);
    assertThat(call(request(STREAM).header("Accept", "application/json")).statusCode())
        .isEqualTo(406);
    assertThat(call(request(POLL).header("Accept", "text/html")).statusCode()).isEqualTo(406);
    HttpResponse<String> head =
        call(request(STREAM).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type")).contains("text/event-stream");
    HttpResponse<String> options =
        call(request(POLL).method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertThat(options.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS, POST");
  }

  @Test
  void a_large_response_is_compressed_if_accepted() throws Exception {
    String cursor = hub.get(POLL).path("cursor").asText();
    for (int i = 0; i < 30; i++) {
      hub.register("one-of-many-" + i);
    }
    await().until(() -> hub.get(POLL + "?wait=10&cursor=" + cursor).path("events").size() >= 30);
    HttpResponse<byte[]> small =
        http.send(
            request(POLL + "?wait=10&cursor=" + cursor).header("Accept-Encoding", "gzip").build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(small.headers().firstValue("Content-Encoding")).contains("gzip");
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(small.body()))) {
      assertThat(small.body().length).isLessThan(plain.readAllBytes().length / 2);
    }
  }

  @Test
  void an_idle_stream_sends_heartbeats() throws Exception {
    try (TestEventSource source = alone()) {
      String line = source.line();
      while (!line.startsWith(":")) {
        line = source.line();
      }
      assertThat(line).isEqualTo(": heartbeat");
    }
  }

  /** A stream, opened when no other is open. */
  private TestEventSource alone() throws IOException {
    String nobody = "signalbox_feed_clients{transport=\"sse\"} 0.0";
    await(nobody).until(() -> call(request("/metrics")).body().contains(nobody));
    return TestEventSource.open(http, hub.port(), STREAM, null, Map.of());
  }

  @Test
  void held_requests_are_limited_by_the_setting() throws Exception {
    try (TestEventSource source = alone()) {
      assertThat(source.status()).isEqualTo(200);
      HttpResponse<String> answer = call(request(POLL + "?wait=60"));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(call(request(POLL)).statusCode()).isEqualTo(200);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
        .timeout(Duration.ofMinutes(3))
        .header("Authorization", "Bearer " + RunningHub.ADMIN_KEY);
  }

  private HttpResponse<String> call(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
