package io.signalbox.hub.feed.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.feed.FeedServer;
import io.signalbox.hub.feed.TestEventSource;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resume positions of clients that cannot set {@code Last-Event-ID}. */
@Timeout(400)
@SuppressWarnings("NullAway.Init") // set before each test
class LastEventIdTest {
  @TempDir Path directory;
  private FeedServer server;
  private String first = "";
  private String second = "";

  @BeforeEach
  void threeEvents() {
    server = new FeedServer(directory, FeedServer.SETTINGS);
    try (TestEventSource source = server.stream("topics=telemetry")) {
      server.publish("a", 1);
      server.publish("a", 2);
      server.publish("a", 3);
      first = source.more().lastEventId();
      second = source.more().lastEventId();
      source.more();
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** The number of the first event of a resumed stream. */
  private int resumed(String query, Map<String, String> headers) {
    String path = FeedHttpHandler.STREAM + "?topics=telemetry&" + query;
    try (TestEventSource source = server.source(path, null, headers)) {
      return source.more().data().path("values").path("n").asInt();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lastEventId",
        "lastEventID",
        "Last-Event-ID",
        "Last-Event-Id",
        "last-event-id",
        "last_event_id",
        "evs_last_event_id"
      })
  void a_stream_resumes_from_the_query_parameter_of_a_polyfill(String parameter) {
    assertThat(resumed(parameter + "=" + first, Map.of())).isEqualTo(2);
    assertThat(resumed("after=nonsense&" + parameter + "=" + first, Map.of())).isEqualTo(2);
  }

  @Test
  void the_last_of_several_parameters_is_used() {
    String twice = "lastEventId=%s&lastEventId=%s".formatted(first, second);
    assertThat(resumed(twice, Map.of())).isEqualTo(3);
    String both = "lastEventId=%s&evs_last_event_id=%s".formatted(second, first);
    assertThat(resumed(both, Map.of())).isEqualTo(2);
  }

  @Test
  void the_header_precedes_the_query() {
    assertThat(resumed("lastEventId=" + first, Map.of("Last-Event-ID", second))).isEqualTo(3);
  }

  @Test
  void an_empty_id_is_ignored() {
    assertThat(resumed("lastEventId=&after=" + second, Map.of())).isEqualTo(3);
    assertThat(resumed("lastEventId=" + first, Map.of("Last-Event-ID", " "))).isEqualTo(2);
  }

  @Test
  void several_subscriptions_resume_from_the_query() {
    String body = "{\"subscribe\":[{\"id\":1,\"topics\":[\"telemetry\"]}]}";
    String path = FeedHttpHandler.STREAM + "?lastEventId=" + second;
    try (TestEventSource source = server.source(path, body, Map.of())) {
      TestEventSource.Sent sent = source.more();
      while (!sent.type().equals("telemetry")) {
        sent = source.more();
      }
      assertThat(sent.data().path("values").path("n").asInt()).isEqualTo(3);
    }
  }
}
