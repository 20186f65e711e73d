package io.signalbox.hub.live;

import static io.signalbox.hub.store.Answers.answer;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.access.NewApiKey;
import io.signalbox.hub.access.Scope;
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

/** How streams and polls of the feed are ended by the hub, and what their clients are told. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
class FeedClientsEndTest {
  private static final String LARGE = "x".repeat(4_000);

  @TempDir Path directory;
  private FeedServer server;

  @BeforeEach
  void start() {
    server = new FeedServer(directory, new LiveSettings(1_024, 64, 64, 30, 20_000));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String end(EventSource source) {
    EventSource.Sent sent = source.more();
    while (!sent.type().equals("end")) {
      sent = source.more();
    }
    return sent.data().path("code").asText();
  }

  /** More than the feed keeps and every buffer on the way holds. */
  private void tellMoreThanAnyBufferHolds() {
    for (int i = 0; server.tally.cuts() == 0; i++) {
      server.tell("a", new Reading("text", i, new Value.Text(LARGE)));
      if (i % 500 == 0) {
        awaitAppended(i);
      }
    }
  }

  private void awaitAppended(long events) {
    await().atMost(20, SECONDS).until(() -> server.feed.present().offset() >= events);
  }

  @Test
  void a_stream_that_is_read_too_slowly_is_cut_and_told_why_and_resumes_with_a_reset()
      throws Exception {
    String last;
    try (EventSource source = server.stream("topics=telemetry")) {
      tellMoreThanAnyBufferHolds();
      await().atMost(20, SECONDS).until(() -> server.tally.streams() == 0);
      assertThat(end(source)).isEqualTo("cursor-gone");
      assertThat(source.next()).as("it is over").isNull();
      last = source.lastEventId();
    }
    try (EventSource again = server.stream("topics=telemetry&lastEventId=" + last)) {
      assertThat(again.more().type()).isEqualTo("reset");
    }
  }

  @Test
  void a_stream_whose_key_is_deleted_is_ended_and_told_so() throws Exception {
    NewApiKey key = answer(server.access.createKey("k", Set.of(Scope.TELEMETRY_READ), "admin"));
    Map<String, String> shown = Map.of("Authorization", "Bearer " + key.key());
    try (EventSource source = server.source(EventsDoor.STREAM, null, shown)) {
      answer(server.access.deleteKey(key.entry().id(), "admin"));
      assertThat(end(source)).isEqualTo("unauthenticated");
      assertThat(source.next()).isNull();
    }
    await().atMost(20, SECONDS).until(() -> server.tally.streams() == 0);
    try (EventSource refused = server.source(EventsDoor.STREAM, null, shown)) {
      assertThat(refused.status()).isEqualTo(401);
    }
  }

  @Test
  void a_held_poll_whose_key_is_deleted_is_refused() {
    NewApiKey key = answer(server.access.createKey("k", Set.of(Scope.TELEMETRY_READ), "admin"));
    CompletableFuture<HttpResponse<String>> held =
        server.ask(EventsDoor.POLL + "?wait=60", key.key());
    await().atMost(20, SECONDS).until(() -> server.tally.polls() == 1);
    answer(server.access.deleteKey(key.entry().id(), "admin"));
    assertThat(held.join().statusCode()).isEqualTo(401);
    await().atMost(20, SECONDS).until(() -> server.tally.polls() == 0);
  }

  @Test
  void a_key_that_stays_is_looked_at_again_and_nothing_is_seen_of_it() {
    try (EventSource source = server.stream("topics=telemetry")) {
      CompletableFuture<HttpResponse<String>> poll =
          server.ask(EventsDoor.POLL + "?wait=2", io.signalbox.hub.RunningHub.ADMIN_KEY);
      assertThat(poll.join().statusCode()).isEqualTo(200);
      server.tell("a", 1);
      assertThat(source.more().type()).isEqualTo("telemetry");
    }
  }
}
