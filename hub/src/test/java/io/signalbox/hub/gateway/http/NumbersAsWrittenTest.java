package io.signalbox.hub.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Pass-through JSON keeps its numbers as written, on the wire and in the store. */
@SuppressWarnings("NullAway.Init") // set before each test
class NumbersAsWrittenTest {
  private static final String EXACT =
      "{\"a\":1e2,\"b\":-0.0,\"c\":1.10,\"d\":12345678901234567890123,\"e\":-0,\"f\":[1E-7,0.50]}";
  private static final String BEYOND_DOUBLES = "{\"g\":1e400,\"h\":" + EXACT + "}";
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  @StartHub private static RunningHub hub;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void a_command_reaches_a_poll_and_its_result_comes_back() throws Exception {
    TestHttpDevice device = new TestHttpDevice(hub.port(), hub.register("poller"));
    String id = id(call("POST", "/api/v1/devices/poller/commands", order(BEYOND_DOUBLES)));

    assertThat(device.get("commands").is(200).text()).contains("\"params\":" + BEYOND_DOUBLES);
    device
        .post("commands/" + id + "/result", "{\"status\":\"succeeded\",\"data\":" + EXACT + "}")
        .is(204);

    assertThat(call("GET", "/api/v1/commands/" + id, ""))
        .contains("\"params\":" + BEYOND_DOUBLES)
        .contains("\"metadata\":" + BEYOND_DOUBLES)
        .contains("\"result\":" + EXACT);
  }

  @Test
  void a_command_reaches_a_connection_also_after_a_restart(@StartHub RunningHub own)
      throws Exception {
    String key = own.register("socket");
    call(own, "POST", "/api/v1/devices/socket/commands", order(BEYOND_DOUBLES));
    own.restart();

    try (RawWebSocket socket = own.device(key)) {
      assertThat(socket.next().text()).contains("welcome");
      assertThat(socket.next().text()).contains("\"params\":" + BEYOND_DOUBLES);
    }
  }

  @Test
  void a_job_gives_every_device_what_was_written() throws Exception {
    TestHttpDevice device = new TestHttpDevice(hub.port(), hub.register("worker"));
    String order = order(BEYOND_DOUBLES).replaceFirst("\\{", "{\"devices\":[\"worker\"],");
    String job = id(call("POST", "/api/v1/commands", order));

    assertThat(call("GET", "/api/v1/jobs/" + job, ""))
        .contains("\"params\":" + BEYOND_DOUBLES)
        .contains("\"metadata\":" + BEYOND_DOUBLES);
    await()
        .atMost(DEADLINE)
        .untilAsserted(
            () ->
                assertThat(device.get("commands").text()).contains("\"params\":" + BEYOND_DOUBLES));
  }

  @Test
  void an_object_value_is_stored_as_sent() throws Exception {
    TestHttpDevice device = new TestHttpDevice(hub.port(), hub.register("meter"));
    device.post("telemetry", "{\"values\":{\"state\":" + EXACT + "}}").is(202);

    assertThat(call("GET", "/api/v1/devices/meter/telemetry/latest", "")).contains(EXACT);
  }

  @Test
  void a_twin_is_stored_as_patched() throws Exception {
    TestHttpDevice device = new TestHttpDevice(hub.port(), hub.register("valve"));
    device.patch("twin/reported", BEYOND_DOUBLES).is(204);
    call("PATCH", "/api/v1/devices/valve/twin/desired", BEYOND_DOUBLES);

    assertThat(call("GET", "/api/v1/devices/valve/twin", ""))
        .contains("\"reported\":{\"version\":1,\"state\":" + BEYOND_DOUBLES)
        .contains("\"desired\":{\"version\":1,\"state\":" + BEYOND_DOUBLES);
    assertThat(device.get("twin").text()).contains(BEYOND_DOUBLES);
  }

  private static String order(String params) {
    return "{\"name\":\"set\",\"params\":%s,\"metadata\":%s}".formatted(params, params);
  }

  private static String id(String answer) {
    Matcher id = ID.matcher(answer);
    assertThat(id.find()).as(answer).isTrue();
    return id.group(1);
  }

  private String call(String method, String path, String body)
      throws IOException, InterruptedException {
    return call(hub, method, path, body);
  }

  /** The response as text, because a parser would change the numbers. */
  private String call(RunningHub to, String method, String path, String body)
      throws IOException, InterruptedException {
    String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
            .timeout(DEADLINE)
            .header("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body))
            .build();
    return new String(client.send(request, BodyHandlers.ofByteArray()).body(), UTF_8);
  }
}
