package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of device types in the event feed, on every transport. */
@Timeout(400)
class TypeEventsTest {
  private static final String POLL = "/api/v1/events/poll?topics=types";
  private static final List<String> CHANGES_OF_VALVE =
      List.of("valve created 1", "valve updated 2", "valve deleted 3", "valve created 4");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<RawWebSocket> opened = new ArrayList<>();
  private final Deque<JsonNode> received = new ArrayDeque<>();
  @StartHub private RunningHub hub;

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  private void define(String type, int offlineAfter) {
    hub.put("/api/v1/types/" + type, "{\"offlineAfter\":" + offlineAfter + "}");
  }

  /** Defines, repeats, changes, deletes and defines again; the second call changes nothing. */
  private void changeValve() {
    define("valve", 1);
    define("valve", 1);
    define("valve", 2);
    hub.delete("/api/v1/types/valve");
    define("valve", 2);
  }

  private static String change(JsonNode event) {
    assertThat(event.path("type").asText()).isEqualTo("device-type");
    return event.path("name").asText()
        + " "
        + event.path("change").asText()
        + " "
        + event.path("version").asLong();
  }

  private RawWebSocket client(String what) {
    RawWebSocket client = hub.openFeedSocket();
    opened.add(client);
    client.nextMessage();
    client.text("{\"type\":\"subscribe\",\"id\":1" + what + "}");
    assertThat(RunningHub.json(client.nextMessage()).path("type").asText()).isEqualTo("subscribed");
    return client;
  }

  private JsonNode next(RawWebSocket client) {
    while (received.isEmpty()) {
      JsonNode frame = RunningHub.json(client.nextMessage());
      (frame.isArray() ? frame : List.of(frame)).forEach(received::add);
    }
    return received.remove();
  }

  private List<String> next(RawWebSocket client, int events) {
    return IntStream.range(0, events).mapToObj(i -> change(next(client))).toList();
  }

  @Test
  void by_web_socket() {
    RawWebSocket client = client(",\"topics\":[\"types\"]");

    changeValve();

    JsonNode first = next(client);
    assertThat(first.path("id").asInt()).isEqualTo(1);
    assertThat(first.path("cursor").asText()).isNotEmpty();
    assertThat(first).hasSize(6);
    assertThat(change(first)).isEqualTo(CHANGES_OF_VALVE.getFirst());
    assertThat(next(client, 3)).isEqualTo(CHANGES_OF_VALVE.subList(1, 4));
  }

  @Test
  void by_server_sent_events() throws IOException {
    try (TestEventSource source =
        TestEventSource.open(http, hub.port(), "/api/v1/events?topics=types", null, Map.of())) {
      source.place();

      changeValve();

      List<String> changes = new ArrayList<>();
      for (int i = 0; i < CHANGES_OF_VALVE.size(); i++) {
        TestEventSource.Sent sent = source.more();
        assertThat(sent.type()).isEqualTo("device-type");
        changes.add(change(sent.data()));
      }
      assertThat(changes).isEqualTo(CHANGES_OF_VALVE);
    }
  }

  @Test
  void by_long_poll() {
    String cursor = hub.get(POLL).path("cursor").asText();
    CompletableFuture<JsonNode> held =
        CompletableFuture.supplyAsync(() -> hub.get(POLL + "&wait=60&cursor=" + cursor));

    define("valve", 1);

    assertThat(held.join().path("events"))
        .extracting(TypeEventsTest::change)
        .containsExactly("valve created 1");
  }

  @Test
  void by_short_poll() {
    String cursor = hub.get(POLL).path("cursor").asText();

    changeValve();

    String since = POLL + "&cursor=" + cursor;
    await().until(() -> hub.get(since).path("events").size() >= CHANGES_OF_VALVE.size());
    assertThat(hub.get(since).path("events"))
        .extracting(TypeEventsTest::change)
        .isEqualTo(CHANGES_OF_VALVE);
  }

  @Test
  void concurrent_changes_come_in_the_order_of_their_versions_and_can_be_read() {
    RawWebSocket client = client(",\"topics\":[\"types\"]");
    int changes = 40;

    IntStream.range(0, changes).parallel().forEach(i -> define("valve", i + 1));

    for (int version = 1; version <= changes; version++) {
      JsonNode event = next(client);
      assertThat(event.path("version").asInt()).isEqualTo(version);
      assertThat(event.path("change").asText()).isEqualTo(version == 1 ? "created" : "updated");
    }
    assertThat(hub.get("/api/v1/types/valve").path("version").asInt()).isEqualTo(changes);
  }

  @Test
  void subscriptions_to_all_topics_and_to_some_devices_get_them() {
    for (String what :
        List.of(
            "",
            ",\"devices\":[\"pump-7\"]",
            ",\"labels\":{\"site\":\"ghent\"}",
            ",\"topics\":[\"types\"],\"rate\":50",
            ",\"topics\":[\"types\",\"telemetry\"],\"metrics\":[\"flow\"]")) {
      RawWebSocket client = client(what);
      String type = "type-" + opened.size();
      define(type, 1);
      assertThat(next(client, 1)).as(what).containsExactly(type + " created 1");
    }
  }

  @Test
  void other_topics_do_not_get_them() {
    RawWebSocket client = client(",\"topics\":[\"presence\",\"twin\",\"commands\",\"telemetry\"]");

    changeValve();
    hub.register("pump-7");

    JsonNode first = next(client);
    assertThat(first.path("type").asText()).isEqualTo("device");
  }

  @Test
  void a_key_that_may_not_read_devices_does_not_get_them() throws Exception {
    String key =
        hub.post("/api/v1/keys", "{\"name\":\"narrow\",\"scopes\":[\"telemetry:read\"]}")
            .path("key")
            .asText();
    HttpResponse<String> refused = ask(POLL, key);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("missing scope for the topic 'types'");

    String all = "/api/v1/events/poll?cursor=" + hub.get(POLL).path("cursor").asText();
    define("valve", 1);
    await().until(() -> hub.get(all).path("events").size() == 1);
    assertThat(RunningHub.json(ask(all, key).body()).path("events")).isEmpty();
  }

  private HttpResponse<String> ask(String path, String key)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
            .header("Authorization", "Bearer " + key)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
