package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.store.redis.RedisServer;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hub processes on a Redis of their own: each of the three is killed or paused. */
@SuppressWarnings("NullAway.Init") // set before each test
class NodesKilledTest {
  private static final String KEY = "admin-key-for-tests-0123456789";

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private RedisServer redis;
  private HubProcess north;
  private HubProcess south;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.start();
    north = hub("north");
    south = hub("south");
    post(
        north,
        "/api/v1/devices",
        "{\"id\":\"pump-7\",\"key\":\"pump-7-key-of-at-least-24-characters\"}");
  }

  private HubProcess hub(String node) throws IOException {
    return HubProcess.start(
        folder,
        Map.of("SIGNALBOX_ADMIN_KEY", KEY, "SIGNALBOX_REDIS_URL", redis.url()),
        "--http-port",
        "0",
        "--node",
        node,
        "--redis-timeout",
        "30s");
  }

  @AfterEach
  void stop() {
    north.close();
    south.close();
    redis.close();
  }

  private RawWebSocket device(HubProcess hub) throws Exception {
    RawWebSocket device =
        RawWebSocket.open(
            URI.create(hub.address()).getPort(),
            "/device/v1/stream",
            "Authorization: Bearer pump-7-key-of-at-least-24-characters",
            "Sec-WebSocket-Protocol: signalbox.v1.json");
    device.nextMessage();
    return device;
  }

  private HttpResponse<String> call(HubProcess hub, HttpRequest.Builder request, String path)
      throws Exception {
    return http.send(
        request
            .uri(URI.create(hub.address() + path))
            .header("Authorization", "Bearer " + KEY)
            .timeout(Duration.ofMinutes(2))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode get(HubProcess hub, String path) throws Exception {
    return RunningHub.json(call(hub, HttpRequest.newBuilder(), path).body());
  }

  private HttpResponse<String> post(HubProcess hub, String path, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return call(hub, request, path);
  }

  private String presence(HubProcess hub, String field) throws Exception {
    return get(hub, "/api/v1/devices/pump-7").path("presence").path(field).asText();
  }

  private String state(HubProcess hub, JsonNode command) throws Exception {
    return get(hub, "/api/v1/commands/" + command.path("id").asText()).path("state").asText();
  }

  @Test
  void the_devices_of_a_killed_node_are_offline_and_its_unanswered_commands_are_sent_again()
      throws Exception {
    JsonNode made;
    try (RawWebSocket device = device(north)) {
      made =
          RunningHub.json(
              post(south, "/api/v1/devices/pump-7/commands", "{\"name\":\"start\"}").body());
      assertThat(RunningHub.json(device.nextMessage()).path("id")).isEqualTo(made.path("id"));
      await().until(() -> state(south, made).equals("sent"));

      north.kill();
    }

    await().until(() -> presence(south, "state").equals("offline"));
    assertThat(presence(south, "cause")).isEqualTo("node-lost");
    await().until(() -> state(south, made).equals("queued"));
    try (RawWebSocket device = device(south)) {
      assertThat(RunningHub.json(device.nextMessage()).path("id")).isEqualTo(made.path("id"));
    }
    await().until(() -> get(south, "/api/v1/nodes").path("items").size() == 1);
  }

  @Test
  void a_node_that_was_paused_for_too_long_closes_what_it_held_and_serves_again() throws Exception {
    try (RawWebSocket device = device(north)) {
      await().until(() -> presence(south, "state").equals("online"));
      signal("STOP", north);
      await().until(() -> presence(south, "cause").equals("node-lost"));
      signal("CONT", north);

      assertThat(device.untilClosed()).isNotEmpty();
    }
    await().until(() -> get(south, "/api/v1/nodes").path("items").size() == 2);
    try (RawWebSocket device = device(north)) {
      await().until(() -> presence(south, "state").equals("online"));
      assertThat(device).isNotNull();
    }
  }

  private static void signal(String name, HubProcess hub) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(hub.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void while_redis_is_away_devices_stay_connected_and_requests_are_refused_until_it_is_back()
      throws Exception {
    try (RawWebSocket device = device(north)) {
      redis.kill();
      await()
          .until(() -> call(north, HttpRequest.newBuilder(), "/health/ready").statusCode() == 503);
      HttpResponse<String> refused =
          post(south, "/api/v1/devices/pump-7/commands", "{\"name\":\"start\"}");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();

      redis.restart();
      await()
          .until(() -> call(north, HttpRequest.newBuilder(), "/health/ready").statusCode() == 200);
      await()
          .until(() -> call(south, HttpRequest.newBuilder(), "/health/ready").statusCode() == 200);
      JsonNode made =
          RunningHub.json(
              post(south, "/api/v1/devices/pump-7/commands", "{\"name\":\"start\"}").body());

      assertThat(RunningHub.json(device.nextMessage()).path("id")).isEqualTo(made.path("id"));
      assertThat(presence(south, "state")).isEqualTo("online");
    }
  }
}
