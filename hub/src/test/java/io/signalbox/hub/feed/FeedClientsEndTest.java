package io.signalbox.hub.feed;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.access.IssuedApiKey;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.feed.http.FeedHttpHandler;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the hub ends streams and polls of the feed, and what their clients receive. */
@Timeout(400)
@SuppressWarnings("NullAway.Init") // set before each test
class FeedClientsEndTest {
  private static final String LARGE = "x".repeat(4_000);

  @TempDir Path directory;
  private FeedServer server;

  @BeforeEach
  void start() {
    server = new FeedServer(directory, new FeedSettings(1_024, 64, 64, 30, 20_000));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String end(TestEventSource source) {
    TestEventSource.Sent sent = source.more();
    while (!sent.type().equals("end")) {
      sent = source.more();
    }
    return sent.data().path("code").asText();
  }

  /** Sends more events than the feed and all buffers can hold. */
  private void publishMoreThanAnyBufferHolds() {
    for (int i = 0; server.metrics.slowConsumerCloses() == 0; i++) {
      server.publish("a", new Reading("text", i, new Value.Text(LARGE)));
      if (i % 500 == 0) {
        awaitAppended(i);
      }
    }
  }

  private void awaitAppended(int events) {
    FeedPosition last = FeedPosition.START.plus(events);
    await().until(() -> !last.isAfter(server.feed.present().read()));
  }

  @Test
  void a_slow_consumer_is_closed_with_a_reason_and_resumes_with_a_reset() throws Exception {
    String last;
    try (TestEventSource source = server.stream("topics=telemetry")) {
      publishMoreThanAnyBufferHolds();
      await().until(() -> server.metrics.streams() == 0);
      assertThat(end(source)).isEqualTo("cursor-gone");
      assertThat(source.next()).as("it is over").isNull();
      last = source.lastEventId();
    }
    try (TestEventSource again = server.stream("topics=telemetry&lastEventId=" + last)) {
      assertThat(again.more().type()).isEqualTo("reset");
    }
  }

  @Test
  void a_stream_ends_with_a_reason_when_its_key_is_deleted() throws Exception {
    IssuedApiKey key = answer(server.access.createKey("k", Set.of(Scope.TELEMETRY_READ), "admin"));
    Map<String, String> shown = Map.of("Authorization", "Bearer " + key.key());
    try (TestEventSource source = server.source(FeedHttpHandler.STREAM, null, shown)) {
      answer(server.access.deleteKey(key.entry().id(), "admin"));
      assertThat(end(source)).isEqualTo("unauthenticated");
      assertThat(source.next()).isNull();
    }
    await().until(() -> server.metrics.streams() == 0);
    try (TestEventSource refused = server.source(FeedHttpHandler.STREAM, null, shown)) {
      assertThat(refused.status()).isEqualTo(401);
    }
  }

  @Test
  void a_held_poll_whose_key_is_deleted_is_refused() {
    IssuedApiKey key = answer(server.access.createKey("k", Set.of(Scope.TELEMETRY_READ), "admin"));
    CompletableFuture<HttpResponse<String>> held =
        server.ask(FeedHttpHandler.POLL + "?wait=60", key.key());
    await().until(() -> server.metrics.polls() == 1);
    answer(server.access.deleteKey(key.entry().id(), "admin"));
    assertThat(held.join().statusCode()).isEqualTo(401);
    await().until(() -> server.metrics.polls() == 0);
  }

  @Test
  void rechecking_a_valid_key_is_invisible_to_the_client() {
    try (TestEventSource source = server.stream("topics=telemetry")) {
      CompletableFuture<HttpResponse<String>> poll =
          server.ask(FeedHttpHandler.POLL + "?wait=2", io.signalbox.hub.RunningHub.ADMIN_KEY);
      assertThat(poll.join().statusCode()).isEqualTo(200);
      server.publish("a", 1);
      assertThat(source.more().type()).isEqualTo("telemetry");
    }
  }
}
