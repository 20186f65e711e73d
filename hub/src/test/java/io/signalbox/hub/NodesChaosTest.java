package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.store.redis.RedisServer;
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
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Commands to devices on three hub processes and one Redis, each of which is killed, stopped or
 * paused in turn. The system property {@code signalbox.chaos.rounds} sets the number of rounds.
 */
@Timeout(600)
@SuppressWarnings("NullAway.Init") // set at the beginning of the test
class NodesChaosTest {
  private static final String KEY = "admin-key-for-tests-0123456789";
  private static final int DEVICES = 6;
  private static final int ROUNDS = Integer.getInteger("signalbox.chaos.rounds", 1);
  private static final long PAUSE = Duration.ofMillis(1_500).toNanos();

  private enum Fault {
    HUB_KILLED,
    HUB_TERMINATED,
    HUB_PAUSED,
    REDIS_KILLED,
    REDIS_PAUSED
  }

  @TempDir private Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HubProcess[] hubs = new HubProcess[3];
  private final AtomicInteger[] ports = {
    new AtomicInteger(), new AtomicInteger(), new AtomicInteger()
  };
  private final List<DeviceProcessSimulator> devices = new ArrayList<>();
  private final List<AtomicInteger> homes = new ArrayList<>();
  private final List<Thread> operators = new ArrayList<>();
  private final AtomicInteger orders = new AtomicInteger();

  /** Acknowledged commands: the number by command id. */
  private final Map<String, Integer> promised = new ConcurrentHashMap<>();

  private RedisServer redis;
  private Random random;
  private volatile boolean enough;

  @AfterEach
  void stop() throws InterruptedException {
    enough = true;
    for (HubProcess hub : hubs) {
      hub.close();
    }
    redis.close();
    for (DeviceProcessSimulator device : devices) {
      device.disconnectAll();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = 20_261_201)
  void acknowledged_commands_are_executed_once_and_in_order_whatever_fails(long seed)
      throws Exception {
    random = new Random(seed);
    redis = RedisServer.start();
    for (int hub = 0; hub < hubs.length; hub++) {
      startHub(hub);
    }
    for (int hub = 0; hub < hubs.length; hub++) {
      awaitHub(hub);
    }
    startDevices();
    for (int round = 0; round < ROUNDS; round++) {
      List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
      Collections.shuffle(faults, random);
      for (Fault fault : faults) {
        int hub = random.nextInt(hubs.length);
        LoggerFactory.getLogger(NodesChaosTest.class)
            .info("seed {}, round {}: {}, hub {}", seed, round, fault, hub);
        cause(fault, hub);
        devices.forEach(DeviceProcessSimulator::reconnect);
        int before = promised.size();
        await("commands flow after " + fault).until(() -> promised.size() >= before + 20);
      }
    }
    finishCommands();
    for (int i = 0; i < DEVICES; i++) {
      checkCommands(i);
    }
    await("all nodes show all devices online")
        .untilAsserted(
            () -> {
              for (int hub = 0; hub < hubs.length; hub++) {
                assertThat(get(hub, "/api/v1/devices").path("items").findValuesAsText("state"))
                    .hasSize(DEVICES)
                    .containsOnly("online");
              }
            });
  }

  private void cause(Fault fault, int hub) throws Exception {
    switch (fault) {
      case HUB_KILLED -> {
        hubs[hub].kill();
        restart(hub);
      }
      case HUB_TERMINATED -> {
        hubs[hub].terminate();
        restart(hub);
      }
      case HUB_PAUSED -> {
        signal("STOP", hubs[hub]);
        LockSupport.parkNanos(PAUSE);
        signal("CONT", hubs[hub]);
      }
      case REDIS_KILLED -> {
        redis.kill();
        LockSupport.parkNanos(PAUSE);
        redis.restart();
      }
      case REDIS_PAUSED -> {
        redis.suspend();
        LockSupport.parkNanos(PAUSE);
        redis.resume();
      }
    }
  }

  private static void signal(String name, HubProcess hub) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(hub.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** The devices of the hub go to the next one. */
  private void restart(int hub) throws Exception {
    int gone = ports[hub].get();
    int next = ports[(hub + 1) % hubs.length].get();
    homes.forEach(home -> home.compareAndSet(gone, next));
    ports[hub].set(next);
    hubs[hub].exitCode();
    startHub(hub);
    awaitHub(hub);
  }

  private void startHub(int hub) throws IOException {
    Map<String, String> variables =
        Map.of("SIGNALBOX_ADMIN_KEY", KEY, "SIGNALBOX_REDIS_URL", redis.url());
    String[] settings = {"--http-port", "0", "--node", "hub-" + hub, "--drain-time", "1s"};
    hubs[hub] = HubProcess.start(folder, variables, settings);
  }

  private void awaitHub(int hub) throws Exception {
    ports[hub].set(URI.create(hubs[hub].address()).getPort());
  }

  private void startDevices() {
    for (int i = 0; i < DEVICES; i++) {
      String key = "robot-" + i + "-key-of-at-least-24-characters";
      String body = "{\"id\":\"robot-%d\",\"key\":\"%s\"}".formatted(i, key);
      assertThat(post(0, "/api/v1/devices", body, "-").statusCode()).isEqualTo(201);
      homes.add(new AtomicInteger(ports[i % hubs.length].get()));
      devices.add(new DeviceProcessSimulator(key, homes.getLast()));
    }
    for (int i = 0; i < 2; i++) {
      operators.add(Thread.ofPlatform().daemon().name("operator " + i).start(this::submit));
    }
  }

  private void submit() {
    while (!enough) {
      int number = orders.incrementAndGet();
      String body = "{\"name\":\"do\",\"params\":{\"n\":%d},\"ttl\":3600}".formatted(number);
      String path = "/api/v1/devices/robot-" + number % DEVICES + "/commands";
      for (int hub = number; !submitted(hub % hubs.length, path, body, number); hub++) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
  }

  /** Asks a hub, always with the same idempotency key; false if it must be asked again. */
  private boolean submitted(int hub, String path, String body, int number) {
    try {
      HttpResponse<String> answer = post(hub, path, body, "order-" + number);
      if (answer.statusCode() == 202 || answer.statusCode() == 200) {
        promised.put(RunningHub.json(answer.body()).path("id").asText(), number);
        return true;
      }
    } catch (IllegalStateException down) {
      // Another hub is asked.
    }
    return enough;
  }

  /** No new commands are submitted, and devices answer what they had left unanswered. */
  private void finishCommands() throws InterruptedException {
    enough = true;
    for (Thread operator : operators) {
      operator.join();
    }
    devices.forEach(DeviceProcessSimulator::becomeDiligent);
    String unfinished = "/api/v1/commands?state=queued,sent,accepted";
    await("every command has ended").until(() -> get(1, unfinished).path("items").isEmpty());
  }

  private void checkCommands(int number) {
    DeviceProcessSimulator device = devices.get(number);
    List<JsonNode> commands = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          get(2, "/api/v1/commands?limit=50&device=robot-" + number + "&cursor=" + cursor);
      page.path("items").forEach(commands::add);
      cursor = page.path("next").asText("");
    } while (!cursor.isEmpty());
    Collections.reverse(commands);
    assertThat(commands).isNotEmpty();
    assertThat(commands)
        .allSatisfy(
            command -> {
              assertThat(command.path("state").asText()).isEqualTo("succeeded");
              assertThat(command.at("/result/n")).isEqualTo(command.at("/params/n"));
            });
    List<String> order = commands.stream().map(command -> command.path("id").asText()).toList();
    assertThat(device.done().keySet()).containsExactlyInAnyOrderElementsOf(order);
    assertThat(order)
        .containsAll(
            promised.entrySet().stream()
                .filter(each -> each.getValue() % DEVICES == number)
                .map(Map.Entry::getKey)
                .toList());
    assertThat(commands)
        .extracting(command -> command.at("/params/n").asInt())
        .doesNotHaveDuplicates();
    device
        .connections()
        .forEach(came -> assertThat(came.stream().map(order::indexOf).toList()).isSorted());
  }

  private JsonNode get(int hub, String path) {
    HttpResponse<String> answer = send(request(hub, path).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningHub.json(answer.body());
  }

  private HttpResponse<String> post(int hub, String path, String body, String idempotencyKey) {
    return send(
        request(hub, path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(int hub, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[hub].get() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + KEY);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException noAnswer) {
      throw new IllegalStateException(noAnswer);
    }
  }
}
