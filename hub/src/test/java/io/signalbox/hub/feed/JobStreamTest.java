package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs in the event feed. */
class JobStreamTest {
  private static final String JOB =
      "{\"devices\":[\"pump-7\",\"pump-8\",\"nobody\"],\"name\":\"start\"}";

  private final List<RawWebSocket> opened = new ArrayList<>();
  @StartHub private RunningHub hub;

  @BeforeEach
  void register() {
    hub.register("pump-7");
    hub.register("pump-8");
  }

  @AfterEach
  void disconnect() {
    opened.forEach(RawWebSocket::close);
  }

  @Test
  void a_command_subscription_gets_job_progress_and_end() {
    RawWebSocket client = client("\"topics\":[\"commands\"]");

    String job = hub.post("/api/v1/commands", JOB).path("id").asText();
    List<JsonNode> events = until(client, "job", "counts", "queued", 2);
    hub.delete("/api/v1/jobs/" + job);
    List<JsonNode> last = until(client, "job", "counts", "cancelled", 2);

    JsonNode first = events.stream().filter(e -> is(e, "job")).findFirst().orElseThrow();
    assertThat(first.path("id").asInt()).isEqualTo(1);
    assertThat(first.path("cursor").asText()).isNotEmpty();
    assertThat(first.at("/job/id").asText()).isEqualTo(job);
    assertThat(events.stream().filter(e -> is(e, "command"))).hasSize(2);
    JsonNode end = last.stream().filter(e -> is(e, "job")).toList().getLast();
    assertThat(end.at("/job/counts/refused").asInt()).isEqualTo(1);
    assertThat(end.at("/job/state").asText()).isEqualTo("cancelled");
  }

  @Test
  void a_device_subscription_gets_commands_but_no_job_events() {
    RawWebSocket client = client("\"topics\":[\"commands\"],\"devices\":[\"pump-8\"]");

    String job = hub.post("/api/v1/commands", JOB).path("id").asText();
    List<JsonNode> events = until(client, "command", "device", "", 0);
    hub.delete("/api/v1/jobs/" + job);
    events.addAll(until(client, "command", "device", "", 0));

    assertThat(events).allSatisfy(event -> assertThat(is(event, "command")).isTrue());
    assertThat(events.getFirst().at("/command/job").asText()).isEqualTo(job);
    assertThat(events.getLast().at("/command/state").asText()).isEqualTo("cancelled");
  }

  @Test
  void a_conflated_subscription_gets_job_events() {
    RawWebSocket client = client("\"topics\":[\"commands\"],\"rate\":5");

    hub.post("/api/v1/commands", JOB);

    assertThat(until(client, "job", "counts", "queued", 2)).isNotEmpty();
  }

  private RawWebSocket client(String what) {
    RawWebSocket client = hub.openFeedSocket();
    opened.add(client);
    client.nextMessage();
    client.text("{\"type\":\"subscribe\",\"id\":1," + what + "}");
    assertThat(RunningHub.json(client.nextMessage()).path("type").asText()).isEqualTo("subscribed");
    return client;
  }

  /** All events up to the first of a type whose object has this number; empty for any number. */
  private static List<JsonNode> until(
      RawWebSocket client, String type, String object, String field, int number) {
    List<JsonNode> events = new ArrayList<>();
    while (true) {
      JsonNode frame = RunningHub.json(client.nextMessage());
      (frame.isArray() ? frame : List.of(frame)).forEach(events::add);
      for (JsonNode event : events) {
        boolean found =
            field.isEmpty() || event.path(type).path(object).path(field).asInt() == number;
        if (is(event, type) && found) {
          return events;
        }
      }
    }
  }

  private static boolean is(JsonNode event, String type) {
    return event.path("type").asText().equals(type);
  }
}
