package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.store.sqlite.SmallFileSystem;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Start of a hub process on a disk that became full while the hub was stopped. */
@Timeout(600)
class FullDiskStartTest {
  private static final String KEY = "admin-key-for-tests-0123456789";
  private static final Map<String, String> WITH_KEY = Map.of("SIGNALBOX_ADMIN_KEY", KEY);

  /** Size of the reserve: a sixteenth of the disk. */
  private static final long SIZE = 4 << 20;

  private static final Duration DEADLINE = Duration.ofMinutes(3);

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void a_hub_starts_on_a_full_disk_reports_it_and_recovers_when_there_is_space() throws Exception {
    try (SmallFileSystem disk = SmallFileSystem.mounted(folder, "64m")) {
      Path data = disk.directory().resolve("data");
      try (HubProcess first = start(data)) {
        call(first.address(), "POST", "/api/v1/devices", "{\"id\":\"pump\"}", 201);
        Path reserve = data.resolve("reserve");
        await().atMost(DEADLINE).until(() -> Files.exists(reserve) && Files.size(reserve) == SIZE);
        first.terminate();
        assertThat(first.exitCode()).isZero();
      }
      assertThat(names(data))
          .contains("hub.db", "telemetry.db", "reserve")
          .noneMatch(FullDiskStartTest::isPart);
      disk.fill();

      try (HubProcess second = start(data, "--telemetry-retention", "1d")) {
        String hub = second.address();
        assertThat(call(hub, "GET", "/health/ready", "", 503)).contains("the disk is full (");
        assertThat(call(hub, "POST", "/api/v1/devices", "{\"id\":\"new\"}", 503))
            .contains("the disk is full (");
        call(hub, "DELETE", "/api/v1/devices/pump", "", 204);

        disk.freeSpace();

        await()
            .atMost(DEADLINE)
            .until(() -> send(hub, "GET", "/health/ready", "").statusCode() == 200);
        call(hub, "POST", "/api/v1/devices", "{\"id\":\"new\"}", 201);
        assertThat(names(data)).contains("reserve");
        second.terminate();
        assertThat(second.exitCode()).isZero();
        assertThat(second.complained().lines().filter(line -> line.contains("DiskReserve")))
            .as(second.complained())
            .hasSize(2);
      }
      assertThat(names(data)).noneMatch(FullDiskStartTest::isPart);
    }
  }

  @Test
  void without_a_reserve_a_full_disk_stops_the_start_with_a_message() throws Exception {
    try (SmallFileSystem disk = SmallFileSystem.mounted(folder, "64m")) {
      Path data = disk.directory().resolve("data");
      try (HubProcess first = start(data, "--disk-reserve-bytes", "0")) {
        first.address();
        first.terminate();
        assertThat(first.exitCode()).isZero();
      }
      disk.fill();

      try (HubProcess second = start(data, "--disk-reserve-bytes", "0")) {
        assertThat(second.exitCode()).as(second.complained()).isEqualTo(74);
        assertThat(second.complained())
            .contains(
                "signalbox hub: data: the disk is full (0 bytes free of 67,108,864 at "
                    + data
                    + ")");
      }
    }
  }

  /** The WAL file or its index; a closed database leaves neither. */
  private static boolean isPart(String name) {
    return name.endsWith("-wal") || name.endsWith("-shm");
  }

  private HubProcess start(Path data, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--http-port", "0", "--data", data.toString()));
    arguments.addAll(List.of(more));
    return HubProcess.start(folder, WITH_KEY, arguments.toArray(String[]::new));
  }

  private static List<String> names(Path data) throws Exception {
    try (var files = Files.list(data)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private String call(String hub, String method, String path, String body, int status)
      throws Exception {
    HttpResponse<String> answer = send(hub, method, path, body);
    assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
    return answer.body();
  }

  private HttpResponse<String> send(String hub, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(hub + path))
            .timeout(DEADLINE)
            .header("Authorization", "Bearer " + KEY);
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return http.send(
        request.method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }
}
