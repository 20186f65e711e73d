package io.signalbox.hub.feed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.feed.TestEventSource;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The feed over plain HTTP: event streams and polls. */
@Timeout(400)
class FeedHttpTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final String STREAM = "/api/v1/events";
  private static final String POLL = "/api/v1/events/poll";

  @StartHub({"--feed-buffer-events", "2000", "--feed-heartbeat-seconds", "2"})
  private static RunningHub hub;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private String device = "";
  private RawWebSocket sender;
  private long seq;

  @BeforeEach
  void connectDevice() {
    device = "told-" + DEVICES.incrementAndGet();
    sender = hub.device(hub.register(device));
    sender.nextMessage();
    seq = 0;
  }

  @AfterEach
  void disconnect() throws Exception {
    sender.close();
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private void send(int n) {
    seq++;
    sender.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":{\"n\":" + n + "}}");
  }

  private TestEventSource watch(String query, Map<String, String> headers) throws IOException {
    return source(STREAM + "?topics=telemetry&device=" + device + query, null, headers);
  }

  private TestEventSource source(String path, @Nullable String body, Map<String, String> headers)
      throws IOException {
    TestEventSource source = TestEventSource.open(http, hub.port(), path, body, headers);
    opened.add(source);
    return source;
  }

  private String pollOf(String query) {
    return POLL + "?topics=telemetry&device=" + device + query;
  }

  private static int n(JsonNode event) {
    return event.path("values").path("n").asInt();
  }

  /** The cursor after the last reading that was sent. */
  private String afterAll(String from) {
    String cursor = from;
    int last = 0;
    while (last < seq) {
      JsonNode page = hub.get(pollOf("&wait=10&cursor=" + cursor));
      cursor = page.path("cursor").asText();
      last = n(page.path("events").path(page.path("events").size() - 1));
    }
    return cursor;
  }

  private String present() {
    return hub.get(POLL).path("cursor").asText();
  }

  @Test
  void an_event_has_a_type_an_id_and_data_without_the_cursor() throws Exception {
    TestEventSource source = watch("", Map.of());
    send(1);
    TestEventSource.Sent sent = source.more();
    assertThat(source.header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(source.header("Cache-Control")).isEqualTo("no-store");
    assertThat(source.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(source.retry()).isBetween(1_000L, 5_000L);
    assertThat(sent.type()).isEqualTo("telemetry");
    assertThat(sent.lastEventId()).matches("[0-9a-z]+-[0-9]+");
    assertThat(sent.data().path("type").asText()).isEqualTo("telemetry");
    assertThat(sent.data().path("device").asText()).isEqualTo(device);
    assertThat(sent.data().has("cursor") || sent.data().has("id")).isFalse();
    assertThat(n(sent.data())).isEqualTo(1);
  }

  @Test
  void a_cursor_of_one_transport_resumes_on_any_other() throws Exception {
    String before = present();
    try (TestEventSource source = watch("", Map.of())) {
      send(1);
      source.more();
      send(2);
      send(3);
      send(4);
      afterAll(before);
      JsonNode polled =
          hub.get(pollOf("&wait=10&limit=1&cursor=" + source.lastEventId())).path("events");
      assertThat(polled).hasSize(1);
      assertThat(n(polled.path(0))).isEqualTo(2);
    }
    String third = hub.get(pollOf("&limit=3&cursor=" + before)).path("cursor").asText();
    RawWebSocket socket = hub.openFeedSocket();
    opened.add(socket);
    socket.nextMessage();
    socket.text(
        "{\"type\":\"subscribe\",\"id\":5,\"topics\":[\"telemetry\"],\"devices\":[\""
            + device
            + "\"],\"after\":\""
            + third
            + "\"}");
    assertThat(RunningHub.json(socket.nextMessage()).path("type").asText()).isEqualTo("subscribed");
    JsonNode next = RunningHub.json(socket.nextMessage());
    assertThat(n(next.isArray() ? next.path(0) : next)).isEqualTo(4);
  }

  @Test
  void a_stream_resumes_after_the_last_event() throws Exception {
    String last;
    try (TestEventSource source = watch("", Map.of())) {
      send(1);
      last = source.more().lastEventId();
    }
    send(2);
    TestEventSource again = watch("&after=nonsense", Map.of("Last-Event-ID", last));
    assertThat(n(again.more().data())).isEqualTo(2);
    TestEventSource asked = watch("&after=" + last, Map.of());
    assertThat(n(asked.more().data())).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"nonsense", "abc-12", "abc-12~x", "-"})
  void a_cursor_that_is_not_kept_is_answered_with_reset_first(String cursor) throws Exception {
    TestEventSource source = watch("", Map.of("Last-Event-ID", cursor));
    TestEventSource.Sent reset = source.more();
    assertThat(reset.type()).isEqualTo("reset");
    assertThat(reset.data().path("reason").asText()).isEqualTo("unknown");
    send(1);
    assertThat(n(source.more().data())).isEqualTo(1);
    JsonNode page = hub.get(POLL + "?wait=30&cursor=" + cursor);
    assertThat(page.path("events").path(0).path("type").asText()).isEqualTo("reset");
    assertThat(hub.get(pollOf("&cursor=" + page.path("cursor").asText())).path("events")).isEmpty();
  }

  @Test
  void an_evicted_cursor_is_distinguished_from_an_unknown_one() {
    String cursor = present();
    String reason = "";
    while (reason.isEmpty()) {
      String before = present();
      for (int i = 0; i < 500; i++) {
        send((int) seq + 1);
      }
      afterAll(before);
      JsonNode page = hub.get(POLL + "?topics=alarms&cursor=" + cursor);
      reason = page.path("events").path(0).path("reason").asText();
    }
    assertThat(reason).isEqualTo("dropped");
  }

  @Test
  void a_short_poll_without_a_cursor_begins_at_the_present() {
    String before = present();
    send(1);
    afterAll(before);
    JsonNode page = hub.get(pollOf(""));
    assertThat(page.path("events")).isEmpty();
    assertThat(page.path("time").asLong()).isPositive();
    send(2);
    JsonNode more = hub.get(pollOf("&wait=10&cursor=" + page.path("cursor").asText()));
    assertThat(n(more.path("events").path(0))).isEqualTo(2);
  }

  @Test
  void a_long_poll_is_held_until_an_event_arrives() throws Exception {
    String cursor = present();
    CompletableFuture<HttpResponse<String>> held =
        http.sendAsync(
            request(pollOf("&wait=30&cursor=" + cursor)).build(),
            HttpResponse.BodyHandlers.ofString());
    awaitHeld(1);
    send(7);
    assertThat(n(RunningHub.json(held.join().body()).path("events").path(0))).isEqualTo(7);
    awaitHeld(0);
  }

  @Test
  void a_long_poll_without_events_returns_the_cursor() {
    String cursor = present();
    long began = System.nanoTime();
    JsonNode page = hub.get(pollOf("&wait=1&cursor=" + cursor));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(900));
    assertThat(page.path("events")).isEmpty();
    assertThat(page.path("cursor").asText()).isNotEmpty();
  }

  @Test
  void an_abandoned_poll_is_released() {
    try (RawWebSocket gone = RawWebSocket.dial(hub.port())) {
      gone.bytes(
          ("GET "
                  + pollOf("&wait=60")
                  + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                  + RunningHub.ADMIN_KEY
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      awaitHeld(1);
    }
    awaitHeld(0);
  }

  private void awaitHeld(int polls) {
    String line = "signalbox_feed_clients{transport=\"poll\"} " + polls + ".0";
    awaitMeter(hub.port(), line);
  }

  private void awaitMeter(int port, String line) {
    await(line).until(() -> call(request(port, "/metrics")).body().contains(line));
  }

  @Test
  void a_response_respects_the_limit_and_the_next_continues_there() {
    String cursor = present();
    seq++;
    StringBuilder batch = new StringBuilder();
    for (int i = 1; i <= 10; i++) {
      batch.append(i == 1 ? "" : ",");
      batch.append(
          "{\"ts\":%d,\"values\":{\"n\":%d}}".formatted(1_764_000_000_000L + 1_000L * i, i));
    }
    sender.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"batch\":[" + batch + "]}");
    List<Integer> seen = new ArrayList<>();
    while (seen.size() < 10) {
      JsonNode page = hub.get(pollOf("&wait=10&limit=3&cursor=" + cursor));
      assertThat(page.path("events").size()).isBetween(1, 3);
      page.path("events").forEach(event -> seen.add(n(event)));
      cursor = page.path("cursor").asText();
    }
    assertThat(seen).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void a_poll_with_a_rate_gets_the_current_state_once() {
    String cursor = present();
    for (int i = 1; i <= 200; i++) {
      send(i);
    }
    int stoodFor = 0;
    int answers = 0;
    while (stoodFor < 200) {
      JsonNode page = hub.get(pollOf("&wait=10&rate=5&cursor=" + cursor));
      assertThat(page.path("events")).hasSize(1);
      stoodFor += page.path("events").path(0).path("count").asInt(1);
      cursor = page.path("cursor").asText();
      answers++;
    }
    assertThat(stoodFor).isEqualTo(200);
    assertThat(answers).isLessThan(50);
  }

  @Test
  void several_subscriptions_share_a_stream_and_each_gets_every_event_once() throws Exception {
    String before = present();
    send(1);
    send(2);
    String middle = hub.get(pollOf("&wait=10&limit=1&cursor=" + before)).path("cursor").asText();
    String body =
        ("{\"after\":\"%s\",\"subscribe\":["
                + "{\"id\":1,\"topics\":[\"telemetry\"],\"devices\":[\"%s\"]},"
                + "{\"id\":2,\"topics\":[\"telemetry\"],\"devices\":[\"%s\"],\"after\":\"%s\"},"
                + "{\"id\":3,\"topics\":[\"telemetry\"],\"devices\":[\"%s\"],\"rate\":0.01}]}")
            .formatted(before, device, device, middle, device);
    List<String> deliveredUpTo = new ArrayList<>();
    String last = "";
    // Disconnecting after each single event and resuming must make no difference.
    while (!deliveredUpTo.contains("3:2")) {
      try (TestEventSource source =
          source(STREAM, body, last.isEmpty() ? Map.of() : Map.of("Last-Event-ID", last))) {
        TestEventSource.Sent sent = source.more();
        while (!sent.type().equals("telemetry")) {
          assertThat(sent.type()).isIn("hello", "subscribed");
          sent = source.more();
        }
        last = sent.lastEventId();
        deliveredUpTo.add(sent.data().path("id").asInt() + ":" + n(sent.data()));
      }
    }
    assertThat(deliveredUpTo)
        .filteredOn(one -> !one.startsWith("3"))
        .containsOnlyOnce("1:1", "1:2", "2:2");
  }

  @Test
  void several_subscriptions_share_a_poll() {
    String before = present();
    send(1);
    String body =
        ("{\"cursor\":\"%s\",\"wait\":10,\"subscribe\":["
                + "{\"id\":1,\"topics\":[\"telemetry\"],\"devices\":[\"%s\"]},"
                + "{\"id\":2,\"topics\":[\"telemetry\"],\"devices\":[\"%s\"]},"
                + "{\"id\":3,\"topics\":[\"alarms\"],\"after\":\"gone-1\"}]}")
            .formatted(before, device, device);
    List<String> deliveredUpTo = new ArrayList<>();
    JsonNode page = hub.post(POLL, body);
    while (!deliveredUpTo.contains("2telemetry")) {
      page.path("events")
          .forEach(e -> deliveredUpTo.add(e.path("id").asText() + e.path("type").asText()));
      String rest =
          body.replace(before, page.path("cursor").asText()).replace(",\"after\":\"gone-1\"", "");
      page = deliveredUpTo.contains("2telemetry") ? page : hub.post(POLL, rest);
    }
    assertThat(deliveredUpTo).containsExactly("3reset", "1telemetry", "2telemetry");
  }

  @Test
  void a_stream_ends_with_a_reason_when_the_hub_shuts_down(@StartHub RunningHub leaving)
      throws Exception {
    TestEventSource source;
    CompletableFuture<HttpResponse<String>> poll;
    source = TestEventSource.open(http, leaving.port(), STREAM, null, Map.of());
    poll =
        http.sendAsync(
            request(leaving.port(), POLL + "?wait=60").build(),
            HttpResponse.BodyHandlers.ofString());
    awaitMeter(leaving.port(), "signalbox_feed_clients{transport=\"poll\"} 1.0");
    leaving.close();
    TestEventSource.Sent end = source.more();
    assertThat(end.type()).isEqualTo("end");
    assertThat(end.data().path("code").asText()).isEqualTo("unavailable");
    assertThat(source.next()).isNull();
    assertThat(poll.join().statusCode()).isEqualTo(200);
    assertThat(poll.join().headers().firstValue("Retry-After")).isPresent();
  }

  private HttpRequest.Builder request(String path) {
    return request(hub.port(), path);
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
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
