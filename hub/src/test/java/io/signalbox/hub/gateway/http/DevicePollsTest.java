package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Short and long polls of devices, on real connections. */
@SuppressWarnings("NullAway.Init") // set before each test
class DevicePollsTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @StartHub({"--gateway-command-lease", "1s"})
  private static RunningHub hub;

  private String id;
  private String key;
  private TestHttpDevice device;

  @BeforeEach
  void register() {
    id = "valve-" + DEVICES.incrementAndGet();
    key = hub.register(id);
    device = new TestHttpDevice(hub.port(), key);
  }

  private String command(String name) {
    String body = "{\"name\":\"" + name + "\"}";
    return hub.post("/api/v1/devices/" + id + "/commands", body).path("id").asText();
  }

  private JsonNode kept(String command) {
    return hub.get("/api/v1/commands/" + command);
  }

  private JsonNode presence() {
    return hub.get("/api/v1/devices/" + id + "/presence");
  }

  private String state() {
    return presence().path("state").asText();
  }

  private CompletableFuture<TestHttpDevice.Got> held(String path) {
    CompletableFuture<TestHttpDevice.Got> poll = device.getLater(path);
    await().until(() -> state().equals("online"));
    return poll;
  }

  private RawWebSocket raw(String path) {
    RawWebSocket socket = RawWebSocket.dial(hub.port());
    String request =
        "GET /device/v1/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, key);
    return socket.bytes(request.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_empty_short_poll_returns_the_time_of_the_next_poll() {
    TestHttpDevice.Got got = device.get("commands").is(204);

    assertThat(got.text()).isEmpty();
    long interval = Long.parseLong(got.header("Poll-Interval"));
    assertThat(interval).isPositive();
    assertThat(got.header("Retry-After")).isEqualTo(Long.toString((interval + 999) / 1_000));
    assertThat(state()).isEqualTo("asleep");
    assertThat(presence().path("expected").asLong())
        .isBetween(System.currentTimeMillis(), System.currentTimeMillis() + interval);
  }

  @Test
  void a_short_poll_returns_due_commands_in_order_and_a_result_finishes_each() {
    device.get("commands").is(204);
    String first = command("one");
    String second = command("two");
    assertThat(kept(first).path("expectedBy").asLong()).isGreaterThan(System.currentTimeMillis());

    JsonNode commands = device.get("commands?wait=0").is(200).json().path("commands");
    assertThat(commands).hasSize(2);
    assertThat(commands.path(0).path("id").asText()).isEqualTo(first);
    assertThat(commands.path(1).path("name").asText()).isEqualTo("two");
    assertThat(commands.path(1).path("params").isObject()).isTrue();
    assertThat(commands.path(1).path("expires").asLong()).isPositive();
    device.post("commands/" + second + "/result", "{\"status\":\"succeeded\"}").is(204);
    assertThat(kept(second).path("state").asText()).isEqualTo("succeeded");
    assertThat(kept(first).path("state").asText()).isEqualTo("sent");
  }

  @Test
  void a_poll_respects_its_limit_and_is_asked_to_return_soon() {
    command("one");
    String second = command("two");

    TestHttpDevice.Got got = device.get("commands?max=1").is(200);
    assertThat(got.json().path("commands")).hasSize(1);
    assertThat(Long.parseLong(got.header("Poll-Interval"))).isLessThan(10_000);
    got = device.get("commands").is(200);
    assertThat(got.json().path("commands").path(0).path("id").asText()).isEqualTo(second);
  }

  @Test
  void a_held_poll_is_answered_when_a_command_arrives() throws Exception {
    CompletableFuture<TestHttpDevice.Got> poll = held("commands?wait=30");
    String command = command("now");

    TestHttpDevice.Got got = poll.get(120, TimeUnit.SECONDS).is(200);
    assertThat(got.json().path("commands").path(0).path("id").asText()).isEqualTo(command);
    assertThat(got.header("Poll-Interval")).isNotEmpty();
    assertThat(kept(command).path("state").asText()).isEqualTo("sent");
    await().until(() -> state().equals("asleep"));
  }

  @Test
  void a_held_poll_without_commands_is_answered_when_its_time_is_over() {
    TestHttpDevice.Got got = device.get("commands?wait=1").is(204);

    assertThat(got.header("Retry-After")).isNotEmpty();
    assertThat(state()).isEqualTo("asleep");
  }

  @Test
  void a_second_poll_of_a_device_ends_the_first() throws Exception {
    CompletableFuture<TestHttpDevice.Got> first = held("commands?wait=60");
    TestHttpDevice other = new TestHttpDevice(hub.port(), key);
    CompletableFuture<TestHttpDevice.Got> second = other.getLater("commands?wait=60");

    first.get(120, TimeUnit.SECONDS).is(204);
    String command = command("for-the-second");
    assertThat(second.get(120, TimeUnit.SECONDS).is(200).text()).contains(command);
  }

  @Test
  void connections_and_held_polls_replace_each_other() throws Exception {
    CompletableFuture<TestHttpDevice.Got> poll = held("commands?wait=60");
    try (RawWebSocket socket = hub.device(key)) {
      TestHttpDevice.Got got = poll.get(120, TimeUnit.SECONDS).is(409);
      assertThat(got.code()).isEqualTo("conflict");
      assertThat(got.json().path("detail").asText()).contains("replaced by 127.0.0.1:");
      assertThat(presence().path("transport").asText()).isEqualTo("websocket");

      device.get("commands").is(204);
      RawWebSocket.Frame close = socket.untilClosed().getLast();
      assertThat(close.closeCode()).isEqualTo(4409);
      assertThat(presence().path("transport").asText()).isEqualTo("http");
    }
  }

  @Test
  void a_lease_that_expires_redelivers_the_command_with_the_same_id() {
    String command = command("again");
    device.get("commands").is(200);
    // Twice the interval of the response, and there was no response with an interval yet.
    await().until(() -> kept(command).path("state").asText().equals("queued"));

    TestHttpDevice.Got again = device.get("commands").is(200);
    assertThat(again.json().path("commands").path(0).path("id").asText()).isEqualTo(command);
  }

  @Test
  void a_command_for_a_disconnected_client_waits_for_the_next_poll() {
    RawWebSocket gone = raw("commands?wait=60");
    await().until(() -> state().equals("online"));
    gone.close();
    await().until(() -> state().equals("asleep"));

    String command = command("later");
    assertThat(kept(command).path("state").asText()).isEqualTo("queued");
    assertThat(device.get("commands").is(200).text()).contains(command);
  }

  @Test
  void pipelined_requests_are_answered_in_order() {
    String upload = "POST /device/v1/telemetry HTTP/1.1\r\nContent-Length: 7\r\n";
    String poll = "GET /device/v1/commands?wait=1 HTTP/1.1\r\n";
    String rest = "Host: x\r\nAuthorization: Bearer " + key + "\r\n\r\n";
    try (RawWebSocket socket = RawWebSocket.dial(hub.port())) {
      String all = upload + rest + "{\"n\":1}" + poll + rest + upload + rest + "{\"n\":2}";
      socket.bytes(all.getBytes(StandardCharsets.UTF_8));

      assertThat(socket.head()).startsWith("HTTP/1.1 202 ");
      assertThat(socket.body(14)).isEqualTo("{\"accepted\":1}");
      assertThat(socket.head()).startsWith("HTTP/1.1 204 ");
      assertThat(socket.head()).startsWith("HTTP/1.1 202 ");
      assertThat(socket.body(14)).isEqualTo("{\"accepted\":1}");
    }
    JsonNode latest = hub.get("/api/v1/devices/" + id + "/telemetry/latest");
    assertThat(latest.at("/metrics/n/value").asInt()).isEqualTo(2);
  }

  @Test
  void a_hub_at_its_limit_of_held_polls_refuses_them_and_serves_other_requests(
      @StartHub({"--gateway-max-connections", "1"}) RunningHub small) throws Exception {
    TestHttpDevice first = new TestHttpDevice(small.port(), small.register("first"));
    TestHttpDevice second = new TestHttpDevice(small.port(), small.register("second"));
    CompletableFuture<TestHttpDevice.Got> poll = first.getLater("commands?wait=60");
    await()
        .until(
            () ->
                small
                    .get("/api/v1/devices/first/presence")
                    .path("state")
                    .asText()
                    .equals("online"));

    TestHttpDevice.Got full = second.get("commands?wait=60").is(503);
    assertThat(full.code()).isEqualTo("unavailable");
    assertThat(full.header("Retry-After")).isNotEmpty();
    JsonNode refused = small.get("/api/v1/devices/second/presence");
    assertThat(refused.path("state").asText()).isEqualTo("asleep");
    second.get("commands").is(204);
    second.post("telemetry", "{\"a\":1}").is(202);
    small.post("/api/v1/devices/first/commands", "{\"name\":\"x\"}");
    poll.get(120, TimeUnit.SECONDS).is(200);
  }

  @Test
  void a_held_poll_is_refused_when_the_devices_key_is_replaced() throws Exception {
    CompletableFuture<TestHttpDevice.Got> poll = held("commands?wait=60");
    hub.post("/api/v1/devices/" + id + "/key", "{}");

    assertThat(poll.get(120, TimeUnit.SECONDS).is(401).code()).isEqualTo("unauthenticated");
    device.get("commands").is(401);
  }

  @ParameterizedTest
  @CsvSource({
    "wait=61, wait",
    "wait=-1, wait",
    "wait=soon, wait",
    "max=0, max",
    "max=101, max",
    "n=1, n"
  })
  void invalid_wait_and_limit_parameters_are_refused_with_their_name(
      String query, String parameter) {
    assertThat(device.get("commands?" + query).is(400).field()).isEqualTo(parameter);
  }

  @Test
  void too_many_confirmed_command_ids_are_refused() {
    String all = String.join(",", Collections.nCopies(201, "x"));
    TestHttpDevice.Got got = device.get("commands?received=" + all).is(400);
    assertThat(got.field()).isEqualTo("received");
    assertThat(got.json().path("detail").asText()).contains("201").contains("200");
  }

  @Test
  void commands_not_confirmed_by_a_poll_are_repeated_before_newer_ones() {
    String lost = command("lost");
    device.get("commands?received=").is(200);
    String newer = command("newer");

    assertThat(ids(device.get("commands?received="))).containsExactly(lost, newer);
    assertThat(ids(device.get("commands?received=" + newer))).containsExactly(lost);
    device.get("commands?received=%s,%s".formatted(lost, newer)).is(204);
    device.get("commands?received=%s&received=%s".formatted(lost, newer)).is(204);
    assertThat(kept(lost).path("state").asText()).isEqualTo("sent");
  }

  @Test
  void possibly_lost_commands_are_repeated_before_newer_ones_without_confirmation() {
    String first = command("first");
    assertThat(ids(device.get("commands"))).containsExactly(first);
    TestHttpDevice again = new TestHttpDevice(hub.port(), key);
    again.get("commands").is(204);
    String second = command("second");

    assertThat(ids(again.get("commands"))).containsExactly(first, second);
    String third = command("third");
    assertThat(ids(again.get("commands")))
        .as("on one connection answers come in their order")
        .containsExactly(third);
  }

  @Test
  void a_proxied_connection_does_not_prove_delivery() {
    String first = command("first");
    assertThat(ids(device.send(device.to("commands").header("Via", "1.1 p").GET())))
        .containsExactly(first);
    String second = command("second");

    assertThat(ids(device.send(device.to("commands").header("Via", "1.1 p").GET())))
        .containsExactly(first, second);
  }

  private static List<String> ids(TestHttpDevice.Got got) {
    List<String> ids = new ArrayList<>();
    got.is(200).json().path("commands").forEach(each -> ids.add(each.path("id").asText()));
    return ids;
  }

  @Test
  void an_upload_does_not_affect_a_held_poll() throws Exception {
    CompletableFuture<TestHttpDevice.Got> poll = held("commands?wait=60");
    TestHttpDevice other = new TestHttpDevice(hub.port(), key);
    assertThat(other.post("telemetry", "{\"a\":1}").is(202).header("Poll-Interval")).isEmpty();

    assertThat(state()).isEqualTo("online");
    command("now");
    poll.get(120, TimeUnit.SECONDS).is(200);
  }

  @Test
  void an_asleep_poller_continues_its_session_after_a_restart(@StartHub RunningHub own) {
    String itsKey = own.register("sleeper");
    TestHttpDevice sleeper = new TestHttpDevice(own.port(), itsKey);
    sleeper.get("commands").is(204);
    String path = "/api/v1/devices/sleeper/presence";
    String session = own.get(path).path("session").asText();
    own.restart();

    sleeper.get("commands").is(204);
    JsonNode now = own.get(path);
    assertThat(now.path("session").asText()).isEqualTo(session);
    assertThat(now.path("state").asText()).isEqualTo("asleep");
    // It is informed about changes to itself, as before.
    CompletableFuture<TestHttpDevice.Got> poll = sleeper.getLater("commands?wait=60");
    await().until(() -> own.get(path).path("state").asText().equals("online"));
    own.post("/api/v1/devices/sleeper/key", "{}");
    poll.join().is(401);
  }
}
