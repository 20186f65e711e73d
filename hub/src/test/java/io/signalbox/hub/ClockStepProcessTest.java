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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub whose machine's wall clock is set while it runs: libfaketime, monotonic time untouched. */
@Timeout(240)
class ClockStepProcessTest {
  private static final String KEY = "a-key-of-the-house-0123456789";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path folder;
  private String address = "";
  private String deviceKey = "";

  @BeforeEach
  void clockIsRight() throws Exception {
    setClock("+0");
  }

  /** Sets the hub's wall clock that far from the real one, as {@code +2h} or {@code -1h}. */
  private void setClock(String offset) throws Exception {
    Path next = Files.writeString(folder.resolve("clock.next"), offset);
    Files.move(next, folder.resolve("clock"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private HubProcess start() throws Exception {
    HubProcess hub =
        HubProcess.start(
            folder,
            Map.of(
                "SIGNALBOX_ADMIN_KEY",
                KEY,
                "LD_PRELOAD",
                library(),
                "FAKETIME_TIMESTAMP_FILE",
                folder.resolve("clock").toString(),
                "FAKETIME_NO_CACHE",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1"),
            "--http-port",
            "0",
            "--gateway-lease",
            "5s");
    address = hub.address();
    return hub;
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

  private JsonNode call(String method, String path, String key, String body) throws Exception {
    HttpResponse<String> answer = send(method, path, key, body);
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  private HttpResponse<String> send(String method, String path, String key, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private void register() throws Exception {
    deviceKey = call("POST", "/api/v1/devices", KEY, "{\"id\":\"pump\"}").path("key").asText();
  }

  private void upload(int value) throws Exception {
    call("POST", "/device/v1/telemetry", deviceKey, "{\"n\":" + value + "}");
  }

  private long hubTime() throws Exception {
    return call("GET", "/api/v1/info", KEY, "").path("time").asLong();
  }

  private void awaitClock(long offset) {
    await()
        .atMost(PATIENCE)
        .until(() -> Math.abs(hubTime() - System.currentTimeMillis() - offset) < 20_000);
  }

  @Test
  void what_is_expected_of_a_device_follows_a_day_ahead_and_back() throws Exception {
    try (HubProcess hub = start()) {
      register();
      upload(1);
      setClock("+24h");
      awaitClock(86_400_000);
      upload(2);
      setClock("+0");
      awaitClock(0);

      assertThat(hub.complained()).contains("The wall clock went");
      assertThat(send("GET", "/metrics", KEY, "").body()).contains("signalbox_clock_steps_total");
      long expected =
          call("GET", "/api/v1/devices/pump/presence", KEY, "").path("expected").asLong();

      assertThat(expected - hubTime()).isLessThan(3_600_000);
    }
  }
}
