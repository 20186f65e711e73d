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
            prefix,
            "--redis-timeout",
            "30s");
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

  @Test
  void readings_of_a_device_on_one_node_are_shown_and_stored_for_all() throws Exception {
    String key = north.register("pump-7");
    try (RawWebSocket viewer = west.openFeedSocket();
        RawWebSocket device = south.device(key)) {
      viewer.nextMessage();
      viewer.text("{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"]}");
      device.nextMessage();
      device.text("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"speed\":17.5}}");

      JsonNode shown = RunningHub.json(viewer.nextMessage());
      while (!shown.path("type").asText().equals("telemetry")) {
        shown = RunningHub.json(viewer.nextMessage());
      }
      assertThat(shown.toString()).contains("pump-7").contains("17.5");
      assertThat(RunningHub.json(device.nextMessage()).path("type").asText()).isEqualTo("ack");
      assertThat(north.latest("pump-7").path("speed").path("value").asDouble()).isEqualTo(17.5);
    }
  }

  @Test
  void a_device_that_is_disabled_on_one_node_is_disconnected_from_another() {
    String key = north.register("pump-7");
    RawWebSocket device = south.device(key);
    device.nextMessage();
    await().until(() -> presence(west).equals("online"));

    west.patch("/api/v1/devices/pump-7", "{\"enabled\":false}");

    assertThat(device.untilClosed()).isNotEmpty();
    await().until(() -> presence(north).equals("offline") && presence(south).equals("offline"));
    assertThat(north.get("/api/v1/devices/pump-7").path("presence").path("cause").asText())
        .isEqualTo("disabled");
    device.close();
  }

  @Test
  void a_deleted_device_is_disconnected_and_unknown_everywhere() {
    String key = north.register("pump-7");
    RawWebSocket device = south.device(key);
    device.nextMessage();
    await().until(() -> presence(west).equals("online"));

    west.delete("/api/v1/devices/pump-7");

    assertThat(device.untilClosed()).isNotEmpty();
    for (RunningHub hub : hubs) {
      assertThat(hub.get("/api/v1/devices/pump-7").path("code").asText())
          .isEqualTo("unknown-device");
    }
    device.close();
  }

  @Test
  void a_second_connection_on_another_node_replaces_the_first() {
    String key = north.register("pump-7");
    RawWebSocket first = south.device(key);
    first.nextMessage();
    RawWebSocket second = west.device(key);
    second.nextMessage();

    List<RawWebSocket.Frame> last = first.untilClosed();
    assertThat(last.getLast().closeCode()).isEqualTo(4409);
    assertThat(presence(north)).isEqualTo("online");
    first.close();
    second.close();
  }

  @Test
  void a_job_made_on_one_node_is_done_by_devices_on_all() {
    List<RawWebSocket> devices = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      RawWebSocket device = hubs.get(i % 3).device(north.register("d" + i));
      device.nextMessage();
      devices.add(device);
    }

    JsonNode job =
        west.post(
            "/api/v1/commands",
            "{\"name\":\"start\",\"devices\":[\"d0\",\"d1\",\"d2\",\"d3\",\"d4\",\"d5\",\"d6\",\"d7\",\"d8\"]}");
    for (RawWebSocket device : devices) {
      JsonNode command = RunningHub.json(device.nextMessage());
      device.text(
          "{\"type\":\"result\",\"id\":%s,\"status\":\"succeeded\"}".formatted(command.path("id")));
    }

    String path = "/api/v1/jobs/" + job.path("id").asText();
    for (RunningHub hub : hubs) {
      await().until(() -> hub.get(path).path("state").asText().equals("done"));
      assertThat(hub.get(path).path("counts").path("succeeded").asInt()).isEqualTo(9);
    }
    devices.forEach(RawWebSocket::close);
  }

  @Test
  void every_node_knows_the_others() {
    await()
        .until(
            () ->
                hubs.stream().allMatch(hub -> hub.get("/api/v1/nodes").path("items").size() == 3));

    JsonNode items = south.get("/api/v1/nodes").path("items");
    assertThat(items)
        .extracting(node -> node.path("name").asText())
        .containsExactly("north", "south", "west");
    await().until(() -> partitions() == 16);
  }

  private int partitions() {
    int sum = 0;
    for (JsonNode node : west.get("/api/v1/nodes").path("items")) {
      sum += node.path("partitions").asInt();
    }
    return sum;
  }
}
