package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.testsupport.NetworkNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Presence and commands of a device whose network disappears and comes back. */
@SuppressWarnings("NullAway.Init") // set before each test
class VanishedDevicesTest {
  private static final String KEY = "a-key-of-at-least-24-characters";

  /** Far below the kernel's default of 15 minutes. */
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private final List<Process> clients = new ArrayList<>();
  private NetworkNamespaces network;
  private HubProcess hub;
  private int port;

  @BeforeEach
  void open() throws Exception {
    network = NetworkNamespaces.make();
    hub =
        HubProcess.start(
            folder,
            network.inFirst(),
            Map.of("SIGNALBOX_ADMIN_KEY", RunningHub.ADMIN_KEY),
            "--host=0.0.0.0",
            "--http-port=0",
            "--gateway-heartbeat-seconds=1",
            "--fleet-poll-overdue-after=1s");
    String address = hub.address();
    port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    post("/api/v1/devices", "{\"id\":\"pump\",\"key\":\"%s\"}".formatted(KEY));
  }

  @AfterEach
  void close() {
    clients.forEach(Process::destroyForcibly);
    hub.close();
    network.close();
  }

  private JsonNode get(String path) throws IOException {
    return ask("GET " + path, "");
  }

  private JsonNode post(String path, String body) throws IOException {
    return ask("POST " + path, body);
  }

  /** Sends a request from the hub's side of the link. */
  private JsonNode ask(String line, String body) throws IOException {
    String headers =
        body.isEmpty()
            ? ""
            : "Content-Type: application/json\r\nContent-Length: %d\r\n".formatted(body.length());
    String answer = network.http(port, head(line, RunningHub.ADMIN_KEY, headers), body);
    return RunningHub.json(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  /** Sends a request from the device's side, with the response written to a file. */
  private Path connect(String path, String headers) throws IOException {
    Path heard = Files.createFile(folder.resolve("heard-" + clients.size()));
    clients.add(
        network.begin(
            "exec 3<>/dev/tcp/%s/%d; printf '%%s\\r\\n' '%s' >&3; exec cat <&3 >%s"
                .formatted(
                    NetworkNamespaces.ADDRESS, port, head("GET " + path, KEY, headers), heard)));
    return heard;
  }

  private static String head(String line, String key, String headers) {
    return line + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + key + "\r\n" + headers;
  }

  private String command() throws IOException {
    return post("/api/v1/devices/pump/commands", "{\"name\":\"go\"}").path("id").asText();
  }

  private void awaitPresence(String state, String cause) {
    Awaitility.await()
        .atMost(DEADLINE)
        .untilAsserted(
            () -> {
              JsonNode presence = get("/api/v1/devices/pump/presence");
              assertThat(presence.path("state").asText()).isEqualTo(state);
              assertThat(presence.path("cause").asText()).isEqualTo(cause);
            });
  }

  private void awaitCommand(String command, String state) {
    Awaitility.await()
        .atMost(DEADLINE)
        .untilAsserted(
            () ->
                assertThat(get("/api/v1/commands/" + command).path("state").asText())
                    .isEqualTo(state));
  }

  private static void awaitReceived(Path file, String... words) {
    Awaitility.await()
        .atMost(DEADLINE)
        .untilAsserted(() -> assertThat(Files.readString(file)).containsSubsequence(words));
  }

  @Test
  void a_listener_whose_network_vanishes_is_offline_and_its_commands_wait_for_it()
      throws Exception {
    Path heard = connect("/device/v1/commands", "Accept: text/event-stream\r\n");
    awaitPresence("online", "connected");
    String first = command();
    awaitReceived(heard, first);

    network.pullCable();
    String second = command();
    awaitCommand(second, "sent");

    awaitPresence("offline", "silent");
    awaitCommand(first, "queued");
    awaitCommand(second, "queued");
    network.plugCable();
    Path again = connect("/device/v1/commands", "Accept: text/event-stream\r\n");
    awaitReceived(again, first, second);
  }

  @Test
  void a_device_whose_network_vanishes_while_it_holds_a_poll_is_overdue() throws Exception {
    connect("/device/v1/commands?wait=60", "");
    awaitPresence("online", "connected");

    network.pullCable();

    awaitPresence("overdue", "poll-missed");
    String command = command();
    awaitCommand(command, "queued");
    network.plugCable();
    awaitReceived(connect("/device/v1/commands?received=", ""), command);
  }
}
