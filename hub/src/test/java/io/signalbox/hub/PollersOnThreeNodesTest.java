package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.store.redis.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices behind a load balancer: each of their requests reaches another of three hubs. */
@SuppressWarnings("NullAway.Init") // set before each test
class PollersOnThreeNodesTest {
  @TempDir private Path data;
  private final HttpClient http = HttpClient.newHttpClient();
  private List<RunningHub> hubs;
  private String key;
  private int requests;

  @BeforeEach
  void start() {
    String prefix = "test-" + UUID.randomUUID().toString().substring(0, 8);
    hubs = Stream.of("north", "south", "west").map(node -> hub(node, prefix)).toList();
    key = hubs.getFirst().register("pump-7");
  }

  private RunningHub hub(String node, String prefix) {
    String[] settings = {
      "--node", node, "--redis-url", RedisServer.shared().url(), "--redis-prefix", prefix
    };
    return RunningHub.start(data.resolve(node), settings);
  }

  @AfterEach
  void stop() {
    hubs.forEach(RunningHub::close);
  }

  /** A request to the next hub. */
  private CompletableFuture<HttpResponse<String>> sending(String method, String path, String body) {
    RunningHub hub = hubs.get(requests++ % hubs.size());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/device/v1/" + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .timeout(Duration.ofMinutes(2))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  private JsonNode send(String method, String path, String body) {
    HttpResponse<String> response = sending(method, path, body).join();
    assertThat(response.statusCode()).as(path + ": " + response.body()).isBetween(200, 204);
    return RunningHub.json(response.body().isEmpty() ? "{}" : response.body());
  }

  @Test
  void a_held_poll_is_answered_without_commands_when_the_next_one_reaches_another_node() {
    CompletableFuture<HttpResponse<String>> held = sending("GET", "commands?wait=60", "");
    await().until(() -> presence(hubs.get(1)).equals("online"));

    send("GET", "commands?wait=0", "");

    assertThat(held.join().statusCode()).as(held.join().body()).isEqualTo(204);
  }

  private static String presence(RunningHub hub) {
    return hub.get("/api/v1/devices/pump-7").path("presence").path("state").asText();
  }

  @Test
  void a_device_uploads_polls_and_answers_on_any_node_at_once() {
    for (int i = 0; i < 30; i++) {
      String id =
          hubs.get(i % 3)
              .post("/api/v1/devices/pump-7/commands", "{\"name\":\"start\"}")
              .path("id")
              .asText();
      send("POST", "telemetry", "{\"values\":{\"speed\":" + i + "}}");
      JsonNode commands = send("GET", "commands?wait=30", "").path("commands");
      assertThat(commands).extracting(command -> command.path("id").asText()).contains(id);
      send("POST", "commands/" + id + "/result", "{\"status\":\"succeeded\"}");
      assertThat(hubs.get(0).get("/api/v1/commands/" + id).path("state").asText())
          .isEqualTo("succeeded");
      requests += i % 2; // so that every request is made to every hub
    }
  }
}
