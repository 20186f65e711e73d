package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.store.redis.RedisServer;
import io.signalbox.hub.websocket.RawWebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hubs on one Redis: any of them serves any device and any operator. */
class ThreeNodesTest {
  @TempDir private Path data;
  private final List<RunningHub> hubs = new ArrayList<>();
  private RunningHub north;
  private RunningHub south;
  private RunningHub west;

  @BeforeEach
  void start() {
    String prefix = "test-" + UUID.randomUUID().toString().substring(0, 8);
    north = hub("north", prefix);
    south = hub("south", prefix);
    west = hub("west", prefix);
  }

  private RunningHub hub(String node, String prefix) {
    RunningHub made =
        RunningHub.start(
            data.resolve(node),
            "--node",
            node,
            "--redis-url",
            RedisServer.shared().url(),
            "--redis-prefix",
            prefix);
    hubs.add(made);
    return made;
  }

  @AfterEach
  void stop() {
    hubs.reversed().forEach(RunningHub::close);
  }

  private String presence(RunningHub hub) {
    return hub.get("/api/v1/devices/pump-7").path("presence").path("state").asText();
  }

  @Test
  void a_command_made_on_one_node_reaches_a_device_on_another_and_its_end_is_seen_on_a_third()
      throws Exception {
    String key = north.register("pump-7");
    try (RawWebSocket device = south.device(key)) {
      device.nextMessage();
      await().until(() -> presence(north).equals("online") && presence(west).equals("online"));

      JsonNode made = north.post("/api/v1/devices/pump-7/commands", "{\"name\":\"start\"}");
      JsonNode command = RunningHub.json(device.nextMessage());
      assertThat(command.path("name").asText()).isEqualTo("start");
      assertThat(command.path("id")).isEqualTo(made.path("id"));
      device.text(
          "{\"type\":\"result\",\"id\":%s,\"status\":\"succeeded\"}".formatted(made.path("id")));

      String path = "/api/v1/commands/" + made.path("id").asText();
      await().until(() -> west.get(path).path("state").asText().equals("succeeded"));
    }
    await().until(() -> presence(west).equals("offline"));
  }
}
