package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Delivers commands to devices while the hub process is killed repeatedly. */
@Timeout(600)
class CommandsKilledTest {
  private static final String KEY = "admin-key-for-tests-0123456789";
  private static final int DEVICES = 4;
  private static final int KILLS = 4;
  private static final int BETWEEN_KILLS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger port = new AtomicInteger(1);
  private final List<DeviceProcessSimulator> robots = new ArrayList<>();
  private final List<Thread> people = new ArrayList<>();
  private final AtomicInteger orders = new AtomicInteger();

  /** Acknowledged commands: the sequence number by command id. */
  private final Map<String, Integer> promised = new ConcurrentHashMap<>();

  private volatile boolean enough;

  @TempDir Path folder;

  @AfterEach
  void disconnectAll() throws InterruptedException {
    enough = true;
    for (Thread person : people) {
      person.join();
    }
    for (DeviceProcessSimulator robot : robots) {
      robot.disconnectAll();
    }
  }

  @Test
  void acknowledged_commands_survive_any_number_of_kills() throws Exception {
    HubProcess hub = start();
    registerDevices();
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        JsonNode shortLived = command("sleeper", "{\"name\":\"x\",\"ttl\":1}");
        int before = promised.size();
        await("commands flow").until(() -> promised.size() >= before + BETWEEN_KILLS);
        hub.kill();
        hub.exitCode();
        await("its time is over").until(() -> isPast(shortLived.path("expires").asLong()));
        hub = start();
        assertThat(get("/api/v1/commands/" + shortLived.path("id").asText()).path("state").asText())
            .as("what expired while the hub was down has expired when it is there again")
            .isEqualTo("expired");
      }
      finishCommands();
      checkAllCommands();
    } finally {
      hub.kill();
    }
  }

  /** No new commands are submitted, and devices answer what they had left unanswered. */
  private void finishCommands() throws InterruptedException {
    enough = true;
    for (Thread person : people) {
      person.join();
    }
    robots.forEach(DeviceProcessSimulator::becomeDiligent);
    String unfinished = "/api/v1/commands?state=queued,sent,accepted";
    await("every command has ended").until(() -> get(unfinished).path("items").isEmpty());
  }

  private void checkAllCommands() {
    int kept = 0;
    for (int i = 0; i < DEVICES; i++) {
      List<JsonNode> commands = commandsOf("robot-" + i);
      kept += commands.size();
      DeviceProcessSimulator robot = robots.get(i);
      commands.forEach(command -> checkCommand(command, robot));
      assertThat(commands)
          .extracting(c -> c.path("id").asText())
          .containsAll(robot.done().keySet());
      List<String> order = commands.stream().map(c -> c.path("id").asText()).toList();
      robot.connections().forEach(came -> assertThat(places(came, order)).isSorted());
    }
    assertThat(kept)
        .as("one command for each order, however often it was asked for")
        .isEqualTo(promised.size());
  }

  /** Compares the timeline of a command with what the device knows of it. */
  private void checkCommand(JsonNode command, DeviceProcessSimulator robot) {
    String id = command.path("id").asText();
    int number = command.at("/params/n").intValue();
    assertThat(promised).containsEntry(id, number);
    assertThat(command.path("state").asText()).as(command.toString()).isEqualTo("succeeded");
    assertThat(command.at("/result/n").intValue())
        .isEqualTo(robot.done().get(id))
        .isEqualTo(number);
    List<String> states = command.path("timeline").findValuesAsText("state");
    long sent = states.stream().filter("sent"::equals).count();
    long came = robot.connections().stream().flatMap(List::stream).filter(id::equals).count();
    assertThat(came).as("no delivery that was not written down").isBetween(1L, sent);
    assertThat(states.getFirst()).isEqualTo("queued");
    List<Long> times = new ArrayList<>();
    command.path("timeline").forEach(step -> times.add(step.path("ts").asLong()));
    assertThat(times).isSorted();
  }

  private static List<Integer> places(List<String> came, List<String> order) {
    return came.stream().map(order::indexOf).toList();
  }

  /** Oldest first. */
  private List<JsonNode> commandsOf(String device) {
    List<JsonNode> commands = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get("/api/v1/commands?limit=50&device=" + device + "&cursor=" + cursor);
      page.path("items").forEach(commands::add);
      cursor = page.path("next").asText("");
    } while (!cursor.isEmpty());
    Collections.reverse(commands);
    return commands;
  }

  private void registerDevices() {
    register("sleeper");
    for (int i = 0; i < DEVICES; i++) {
      robots.add(new DeviceProcessSimulator(register("robot-" + i), port));
    }
    for (int i = 0; i < 2; i++) {
      people.add(Thread.ofPlatform().daemon().name("person " + i).start(this::submitCommands));
    }
  }

  private String register(String device) {
    String key = device + "-key-of-at-least-24-characters";
    String body = "{\"id\":\"%s\",\"key\":\"%s\"}".formatted(device, key);
    assertThat(post("/api/v1/devices", body, "-").statusCode()).isEqualTo(201);
    return key;
  }

  private void submitCommands() {
    while (!enough) {
      int number = orders.incrementAndGet();
      String body = "{\"name\":\"do\",\"params\":{\"n\":%d},\"ttl\":3600}".formatted(number);
      JsonNode command = insist("robot-" + number % DEVICES, body, number);
      promised.put(command.path("id").asText(), number);
    }
  }

  /** Repeats the request with the same idempotency key until it is answered. */
  private JsonNode insist(String device, String body, int number) {
    while (true) {
      try {
        HttpResponse<String> answer = post(path(device), body, "order-" + number);
        // 200: an earlier request has created the command, which has ended since.
        if (answer.statusCode() == 202 || answer.statusCode() == 200) {
          return read(answer.body());
        }
        assertThat(answer.statusCode()).as(answer.body()).isIn(429, 503);
      } catch (IllegalStateException down) {
        // The hub is being killed: the request is repeated below.
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private JsonNode command(String device, String body) {
    HttpResponse<String> answer = post(path(device), body, "-" + System.nanoTime());
    assertThat(answer.statusCode()).isEqualTo(202);
    return read(answer.body());
  }

  private static String path(String device) {
    return "/api/v1/devices/" + device + "/commands";
  }

  private HubProcess start() throws Exception {
    HubProcess hub =
        HubProcess.start(folder, Map.of("SIGNALBOX_ADMIN_KEY", KEY), "--http-port", "0");
    port.set(URI.create(hub.address()).getPort());
    return hub;
  }

  private JsonNode get(String path) {
    HttpResponse<String> answer = send(request(path).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return read(answer.body());
  }

  private HttpResponse<String> post(String path, String body, String idempotencyKey) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.get() + path))
        .timeout(Duration.ofMinutes(3))
        .header("Authorization", "Bearer " + KEY);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException noAnswer) {
      throw new IllegalStateException(noAnswer);
    }
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException noJson) {
      throw new IllegalStateException(noJson);
    }
  }

  private static boolean isPast(long time) {
    return System.currentTimeMillis() > time;
  }
}
