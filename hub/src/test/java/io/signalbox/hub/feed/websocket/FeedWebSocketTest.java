package io.signalbox.hub.feed.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The feed over real WebSockets. */
class FeedWebSocketTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub({"--feed-buffer-events", "2000"})
  private static RunningHub hub;

  private final List<RawWebSocket> opened = new ArrayList<>();
  private String device = "";
  private RawWebSocket sender;
  private long seq;

  @BeforeEach
  void connectDevice() {
    device = "seen-" + DEVICES.incrementAndGet();
    sender = hub.device(hub.register(device));
    sender.nextMessage();
    seq = 0;
  }

  @AfterEach
  void disconnect() {
    sender.close();
    opened.forEach(RawWebSocket::close);
  }

  /** A client that unpacks frames with several events. */
  private static final class TestClient {
    private final RawWebSocket socket;
    private final Deque<JsonNode> events = new ArrayDeque<>();

    TestClient(RawWebSocket socket) {
      this.socket = socket;
    }

    JsonNode next() {
      while (events.isEmpty()) {
        JsonNode frame = RunningHub.json(socket.nextMessage());
        if (frame.isArray()) {
          frame.forEach(events::add);
        } else {
          events.add(frame);
        }
      }
      return events.remove();
    }

    /** The next frame of a type; skips others. */
    JsonNode nextOf(String type) {
      JsonNode frame = next();
      while (!frame.path("type").asText().equals(type)) {
        frame = next();
      }
      return frame;
    }

    TestClient send(String frame) {
      socket.text(frame);
      return this;
    }
  }

  private TestClient client() {
    RawWebSocket socket = hub.openFeedSocket();
    opened.add(socket);
    TestClient client = new TestClient(socket);
    assertThat(client.next().path("type").asText()).isEqualTo("hello");
    return client;
  }

  private TestClient watching(String more) {
    TestClient client = client();
    client.send(
        "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"],\"devices\":[\""
            + device
            + "\"]"
            + more
            + "}");
    assertThat(client.next().path("type").asText()).isEqualTo("subscribed");
    return client;
  }

  private void send(String values) {
    seq++;
    sender.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":" + values + "}");
  }

  private static String clients(int sockets) {
    return "signalbox_feed_clients{transport=\"websocket\"} " + sockets + ".0";
  }

  private void awaitAcked() {
    JsonNode frame = RunningHub.json(sender.nextMessage());
    while (frame.path("seq").asLong() < seq) {
      frame = RunningHub.json(sender.nextMessage());
    }
  }

  @Test
  void a_reading_of_a_device_reaches_a_subscriber() {
    TestClient client = watching("");
    send("{\"temperature\":21.4,\"door\":true}");
    JsonNode event = client.next();
    assertThat(event.path("type").asText()).isEqualTo("telemetry");
    assertThat(event.path("id").asInt()).isEqualTo(1);
    assertThat(event.path("device").asText()).isEqualTo(device);
    assertThat(event.path("values").toString()).isEqualTo("{\"temperature\":21.4,\"door\":true}");
    assertThat(event.path("cursor").asText()).isNotBlank();
    assertThat(event.has("count")).isFalse();
  }

  @Test
  void every_event_arrives_once_and_in_order() {
    TestClient client = watching("");
    for (int i = 0; i < 1000; i++) {
      send("{\"n\":" + i + "}");
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(client.next().path("values").path("n").asInt()).isEqualTo(i);
    }
  }

  @Test
  void only_matching_events_arrive() {
    TestClient client = watching(",\"metrics\":[\"b\"]");
    send("{\"a\":1}");
    send("{\"a\":2,\"b\":3}");
    assertThat(client.next().path("values").toString()).isEqualTo("{\"b\":3}");
  }

  private void label(String site) {
    hub.patch("/api/v1/devices/" + device, "{\"labels\":{\"site\":\"" + site + "\"}}");
  }

  private static String byLabel(int id, String site) {
    return "{\"type\":\"subscribe\",\"id\":%d,\"topics\":[\"telemetry\"],\"labels\":{\"site\":\"%s\"}}"
        .formatted(id, site);
  }

  @Test
  void a_label_subscription_follows_the_registry() {
    TestClient client = client();
    client.send(byLabel(2, device));
    assertThat(client.next().path("type").asText()).isEqualTo("subscribed");
    send("{\"n\":1}");
    awaitAcked();
    label(device);
    send("{\"n\":2}");
    assertThat(client.next().path("values").path("n").asInt()).isEqualTo(2);
    label("elsewhere");
    send("{\"n\":3}");
    awaitAcked();
    label(device);
    send("{\"n\":4}");
    assertThat(client.next().path("values").path("n").asInt()).isEqualTo(4);
  }

  @Test
  void a_subscription_cancelled_during_its_lookup_does_not_start_under_a_reused_id() {
    label(device);
    TestClient client = client();
    client.send(byLabel(2, "nowhere"));
    client.send("{\"type\":\"unsubscribe\",\"id\":2}");
    client.send(byLabel(2, device));
    // The first subscription may have started before it was cancelled.
    client.nextOf("unsubscribed");
    client.nextOf("subscribed");
    send("{\"n\":1}");
    // The registry's event of the label may arrive in between.
    assertThat(client.nextOf("telemetry").path("values").path("n").asInt()).isEqualTo(1);
  }

  @Test
  void a_rate_merges_faster_updates_and_counts_them() {
    TestClient client = watching(",\"rate\":2");
    for (int i = 1; i <= 300; i++) {
      send("{\"n\":" + i + "}");
    }
    long stoodFor = 0;
    int events = 0;
    int last = 0;
    while (last < 300) {
      JsonNode event = client.next();
      stoodFor += event.path("count").asLong(1);
      last = event.path("values").path("n").asInt();
      events++;
    }
    assertThat(stoodFor).isEqualTo(300);
    assertThat(events).isLessThan(100);
  }

  @Test
  void a_cursor_resumes_without_a_gap() {
    TestClient first = watching("");
    send("{\"n\":1}");
    String cursor = first.next().path("cursor").asText();
    send("{\"n\":2}");
    send("{\"n\":3}");
    awaitAcked();
    TestClient second = watching(",\"after\":\"" + cursor + "\"");
    assertThat(second.next().path("values").path("n").asInt()).isEqualTo(2);
    assertThat(second.next().path("values").path("n").asInt()).isEqualTo(3);
  }

  @Test
  void a_cursor_of_readings_in_one_batch_resumes_within_it() {
    TestClient first = watching("");
    seq++;
    sender.text(
        "{\"type\":\"telemetry\",\"seq\":"
            + seq
            + ",\"batch\":[{\"ts\":1764000001000,\"values\":{\"n\":1}},{\"ts\":1764000002000,\"values\":{\"n\":2}},{\"ts\":1764000003000,\"values\":{\"n\":3}}]}");
    String cursor = first.next().path("cursor").asText();
    TestClient second = watching(",\"after\":\"" + cursor + "\"");
    assertThat(second.next().path("ts").asLong()).isEqualTo(1_764_000_002_000L);
  }

  @ParameterizedTest
  @CsvSource({"nonsense", "abc-12", "''"})
  void a_cursor_that_is_not_kept_is_answered_with_reset(String cursor) {
    TestClient client = watching(",\"after\":\"" + cursor + "\"");
    JsonNode reset = client.next();
    assertThat(reset.path("type").asText()).isEqualTo("reset");
    send("{\"n\":1}");
    assertThat(client.next().path("values").path("n").asInt()).isEqualTo(1);
  }

  @Test
  void an_evicted_cursor_is_answered_with_reset() {
    TestClient first = watching("");
    send("{\"n\":0}");
    String cursor = first.next().path("cursor").asText();
    first.send("{\"type\":\"unsubscribe\",\"id\":1}").next();
    String answer = "";
    // The feed keeps 2000 events; the response shows that it has appended all of these.
    while (!answer.equals("reset")) {
      for (int i = 0; i < 500; i++) {
        send("{\"n\":" + i + "}");
      }
      awaitAcked();
      answer = watching(",\"after\":\"" + cursor + "\"").next().path("type").asText();
    }
    assertThat(seq).isGreaterThan(2000);
  }

  @Test
  void a_client_that_never_reads_is_closed_with_a_cursor_to_resume_from() {
    TestClient deaf = watching("");
    await("no other client").until(() -> hub.metrics().contains(clients(1)));
    String pad = "x".repeat(4000);
    // At most more events than the feed and all buffers can hold. It stops once the client is
    // disconnected, because then little time is left to read the close frame.
    for (int i = 1; i <= 12_000 && !(i % 100 == 1 && hub.metrics().contains(clients(0))); i++) {
      send("{\"n\":" + i + ",\"pad\":\"" + pad + "\"}");
      if (i % 100 == 0) {
        awaitAcked();
      }
    }
    RawWebSocket.Frame last = deaf.socket.untilClosed().getLast();
    assertThat(last.closeCode()).isEqualTo(4413);
    assertThat(last.closeReason()).matches("[0-9a-z]+-[0-9]+");
  }

  @Test
  void presence_and_commands_are_events_too() {
    TestClient client = client();
    client.send(
        "{\"type\":\"subscribe\",\"id\":3,\"topics\":[\"presence\",\"commands\"],\"devices\":[\""
            + device
            + "\"]}");
    assertThat(client.next().path("type").asText()).isEqualTo("subscribed");
    hub.post("/api/v1/devices/" + device + "/commands", "{\"name\":\"identify\"}");
    List<String> states = new ArrayList<>();
    while (!states.contains("sent")) {
      JsonNode event = client.next();
      assertThat(event.path("type").asText()).isEqualTo("command");
      states.add(event.path("command").path("state").asText());
    }
    assertThat(states).containsExactly("queued", "sent");
    sender.close();
    JsonNode event = client.next();
    while (!event.path("type").asText().equals("presence")) {
      event = client.next();
    }
    assertThat(event.path("presence").path("state").asText()).isEqualTo("offline");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                                  | invalid   | type",
        "nonsense                                            | malformed | line 1",
        "{\"type\":\"dance\"}                                | unknown-type | dance",
        "{\"type\":\"subscribe\"}                            | invalid   | id",
        "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"x\"]}  | invalid   | topic",
        "{\"type\":\"subscribe\",\"id\":1,\"rate\":-1}         | invalid   | rate",
        "{\"type\":\"subscribe\",\"id\":1,\"devices\":\"x\"}    | invalid   | devices",
        "{\"type\":\"unsubscribe\",\"id\":9}                  | not-found | 9"
      })
  void an_invalid_frame_gets_an_error_and_the_stream_continues(
      String frame, String code, String names) {
    TestClient client = client();
    JsonNode error = client.send(frame).next();
    assertThat(error.path("type").asText()).isEqualTo("error");
    assertThat(error.path("code").asText()).as("%s", error).isEqualTo(code);
    assertThat(error.path("message").asText()).contains(names);
    assertThat(client.send("{\"type\":\"ping\"}").next().path("type").asText()).isEqualTo("pong");
  }

  @ParameterizedTest
  @CsvSource({"401, 'Authorization: Bearer sbk_wrong'", "401, 'X-Nothing: 1'"})
  void the_feed_requires_a_key(int status, String header) {
    try (RawWebSocket socket = RawWebSocket.dial(hub.port())) {
      assertThat(socket.handshake("/api/v1/stream", header)).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void a_key_without_the_telemetry_scope_cannot_subscribe_to_telemetry() {
    JsonNode key = hub.post("/api/v1/keys", "{\"name\":\"narrow\",\"scopes\":[\"devices:read\"]}");
    RawWebSocket socket =
        RawWebSocket.open(
            hub.port(), "/api/v1/stream", "Authorization: Bearer " + key.path("key").asText());
    opened.add(socket);
    TestClient client = new TestClient(socket);
    client.next();
    JsonNode error =
        client.send("{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"]}").next();
    assertThat(error.path("code").asText()).isEqualTo("forbidden");
  }
}
