package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub whose wall clock is set while it runs, with libfaketime; the monotonic clock is not. */
@Timeout(600)
class ClockStepProcessTest {
  private static final String KEY = "admin-key-for-tests-0123456789";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final AtomicInteger DEVICES = new AtomicInteger();

  @TempDir private static Path folder;

  /** Shared by all tests: a start under libfaketime takes ten times as long. */
  @SuppressWarnings("NullAway.Init") // before all tests
  private static HubProcess hub;

  private final String device = "pump-" + DEVICES.incrementAndGet();
  private String deviceKey = "";

  @BeforeAll
  static void start() throws Exception {
    setClock("+0");
    hub = started();
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @BeforeEach
  void resetClock() throws Exception {
    setClock("+0");
    awaitClock(0);
    deviceKey =
        call("POST", "/api/v1/devices", KEY, "{\"id\":\"" + device + "\"}").path("key").asText();
  }

  /** Sets the hub's wall clock to an offset from the real one, such as {@code +2h}. */
  private static void setClock(String offset) throws Exception {
    Path next = Files.writeString(folder.resolve("clock.next"), offset);
    Files.move(next, folder.resolve("clock"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static HubProcess started() throws Exception {
    return HubProcess.start(
        folder,
        Map.of(
            "SIGNALBOX_ADMIN_KEY",
            KEY,
            "LD_PRELOAD",
            library(),
            "FAKETIME_TIMESTAMP_FILE",
            folder.resolve("clock").toString(),
            "FAKETIME_CACHE_DURATION",
            "1",
            "FAKETIME_DONT_FAKE_MONOTONIC",
            "1"),
        "--http-port",
        "0",
        "--gateway-command-lease",
        "5s");
  }

  /** The Debian package {@code libfaketime}. */
  private static String library() throws Exception {
    try (Stream<Path> found =
        Files.find(
            Path.of("/usr/lib"),
            4,
            (path, attributes) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
      return found
          .findFirst()
          .orElseThrow(() -> new AssertionError("install the package libfaketime"))
          .toString();
    }
  }

  private static JsonNode call(String method, String path, String key, String body)
      throws Exception {
    HttpResponse<String> answer = send(method, path, key, body);
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  private static HttpResponse<String> send(String method, String path, String key, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(hub.address() + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  private void upload(int value) throws Exception {
    call("POST", "/device/v1/telemetry", deviceKey, "{\"n\":" + value + "}");
  }

  private static long hubTime() throws Exception {
    return call("GET", "/api/v1/info", KEY, "").path("time").asLong();
  }

  private static void awaitClock(long offset) {
    await()
        .atMost(PATIENCE)
        .until(() -> Math.abs(hubTime() - System.currentTimeMillis() - offset) < 20_000);
  }

  private JsonNode latest() throws Exception {
    return call("GET", "/api/v1/devices/" + device + "/telemetry/latest", KEY, "")
        .path("metrics")
        .path("n");
  }

  private List<Integer> history() throws Exception {
    String range = "&from=1000000000000&to=3000000000000";
    JsonNode answer =
        call("GET", "/api/v1/devices/" + device + "/telemetry?metric=n" + range, KEY, "");
    JsonNode series = answer.isArray() ? answer.path(0) : answer;
    List<Integer> values = new ArrayList<>();
    series.path("points").forEach(point -> values.add(point.path(1).asInt()));
    return values;
  }

  private static long clockSteps() throws Exception {
    Matcher counter =
        Pattern.compile("(?m)^signalbox_clock_steps_total (\\d+)")
            .matcher(send("GET", "/metrics", KEY, "").body());
    assertThat(counter.find()).isTrue();
    return Long.parseLong(counter.group(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1h", "+2h"})
  void stamps_stay_in_order_and_the_latest_goes_on_while_the_clock_is_set_and_set_back(String step)
      throws Exception {
    long hours = Duration.ofHours(Long.parseLong(step.substring(0, 2))).toMillis();
    long steps = clockSteps();
    upload(1);
    setClock(step);
    awaitClock(hours);
    upload(2);
    upload(3);
    setClock("+0");
    awaitClock(0);
    upload(4);
    upload(5);

    assertThat(history()).containsExactly(1, 2, 3, 4, 5);
    assertThat(latest().path("value").asInt()).isEqualTo(5);
    assertThat(hub.complained()).contains("Wall clock stepped");
    assertThat(clockSteps()).isEqualTo(steps + 2);
  }

  @Test
  void a_lease_ends_and_a_command_survives_while_the_clock_goes_back_and_ahead() throws Exception {
    String id =
        call(
                "POST",
                "/api/v1/devices/" + device + "/commands",
                KEY,
                "{\"name\":\"start\",\"ttl\":300}")
            .path("id")
            .asText();
    assertThat(call("GET", "/device/v1/commands", deviceKey, "").toString()).contains(id);
    long steps = clockSteps();
    setClock("-1h");
    awaitClock(-3_600_000);

    await().atMost(PATIENCE).until(() -> state(id).equals("queued"));
    setClock("+2h");
    awaitClock(7_200_000);

    assertThat(state(id)).isEqualTo("queued");
    assertThat(call("GET", "/device/v1/commands", deviceKey, "").toString()).contains(id);
    JsonNode command = call("GET", "/api/v1/commands/" + id, KEY, "");
    assertThat(command.path("expires").asLong() - hubTime()).isBetween(1L, 300_000L);
    assertThat(clockSteps()).isEqualTo(steps + 2);
  }

  private String state(String id) throws Exception {
    return call("GET", "/api/v1/commands/" + id, KEY, "").path("state").asText();
  }

  @Test
  void the_expected_poll_time_follows_clock_steps_of_a_day_ahead_and_back() throws Exception {
    long steps = clockSteps();
    upload(1);
    setClock("+24h");
    awaitClock(86_400_000);
    upload(2);
    setClock("+0");
    awaitClock(0);

    assertThat(hub.complained()).contains("Wall clock stepped");
    assertThat(clockSteps()).isEqualTo(steps + 2);
    long expected =
        call("GET", "/api/v1/devices/" + device + "/presence", KEY, "").path("expected").asLong();

    assertThat(expected - hubTime()).isLessThan(3_600_000);
  }

  @Test
  void a_lockout_after_wrong_keys_lasts_its_minute_while_the_clock_is_set_back_and_ahead()
      throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      assertThat(send("GET", "/api/v1/info", "wrong-" + i, "").statusCode()).isEqualTo(401);
    }
    long locked = System.nanoTime();
    for (int hours : List.of(-1, 2, 0)) {
      setClock("%+dh".formatted(hours));
      awaitClock(Duration.ofHours(hours).toMillis());
      long asked = System.nanoTime();
      HttpResponse<String> answer = send("GET", "/api/v1/info", "wrong-again", "");
      long left = answer.headers().firstValueAsLong("Retry-After").orElse(0);

      // On a slow machine too, the minute starts with the first wrong key.
      assertThat(left)
          .isBetween(
              59 - secondsBetween(begun, System.nanoTime()), 61 - secondsBetween(locked, asked))
          .isLessThanOrEqualTo(60);
    }
  }

  private static long secondsBetween(long earlierNanos, long laterNanos) {
    return Duration.ofNanos(laterNanos - earlierNanos).toSeconds();
  }

  @Test
  void a_session_lasts_twelve_hours_while_the_clock_is_set_ahead_and_back() throws Exception {
    String body = JSON.createObjectNode().put("key", KEY).toString();
    String cookie =
        send("POST", "/api/v1/session", KEY, body)
            .headers()
            .firstValue("Set-Cookie")
            .map(set -> set.substring(0, set.indexOf(';')))
            .orElseThrow();
    for (int hours : List.of(13, -24, 0)) {
      setClock("%+dh".formatted(hours));
      awaitClock(Duration.ofHours(hours).toMillis());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(hub.address() + "/api/v1/session"))
              .header("Cookie", cookie)
              .build();
      HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      long left = JSON.readTree(answer.body()).path("expires").asLong() - hubTime();
      assertThat(left).isBetween(Duration.ofHours(11).toMillis(), Duration.ofHours(12).toMillis());
    }
  }
}
