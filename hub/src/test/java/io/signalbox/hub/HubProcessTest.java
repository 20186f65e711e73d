package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Start, stop and exit codes of the hub process. */
@Timeout(600)
class HubProcessTest {
  private static final String KEY = "admin-key-for-tests-0123456789";
  private static final Map<String, String> WITH_KEY = Map.of("SIGNALBOX_ADMIN_KEY", KEY);
  private static final Pattern MADE_KEY = Pattern.compile("(?m)^admin key: (sbk_\\S+)$");

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void the_first_start_shows_a_key_once_and_keeps_only_its_hash() throws Exception {
    String key;
    try (HubProcess first = HubProcess.start(folder, Map.of(), "--http-port", "0")) {
      String address = first.address();
      Matcher shown = MADE_KEY.matcher(first.said());
      assertThat(shown.find()).as(first.said()).isTrue();
      key = shown.group(1);
      assertThat(get(address, "/api/v1/info", key).statusCode()).isEqualTo(200);
      first.terminate();
      assertThat(first.exitCode()).isZero();
    }
    try (HubProcess second = HubProcess.start(folder, Map.of(), "--http-port", "0")) {
      assertThat(get(second.address(), "/api/v1/info", key).statusCode()).isEqualTo(200);
      assertThat(second.said()).doesNotContain("key");
    }
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(key);
      }
    }
  }

  @Test
  void a_configured_key_is_not_printed() throws Exception {
    try (HubProcess hub = start()) {
      assertThat(get(hub.address(), "/api/v1/info", KEY).statusCode()).isEqualTo(200);
      assertThat(get(hub.address(), "/api/v1/info", KEY + "x").statusCode()).isEqualTo(401);
      assertThat(hub.said()).isEqualTo("listening on " + hub.address() + "\n");
      assertThat(hub.complained()).doesNotContain("signalbox hub: ").doesNotContain("ERROR");
    }
  }

  @Test
  void port_0_takes_a_free_port_and_prints_it() throws Exception {
    try (HubProcess hub = start()) {
      assertThat(hub.address()).matches("http://127\\.0\\.0\\.1:[1-9]\\d{3,4}");
      assertThat(get(hub.address(), "/health/ready", KEY).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void acknowledged_data_survives_kill_9() throws Exception {
    try (HubProcess killed = start()) {
      assertThat(register(killed.address(), "pump-7").statusCode()).isEqualTo(201);
      killed.kill();
      assertThat(killed.exitCode()).isEqualTo(137);
    }
    try (HubProcess again = start()) {
      String address = again.address();
      assertThat(get(address, "/api/v1/devices/pump-7", KEY).statusCode()).isEqualTo(200);
      assertThat(register(address, "pump-7").statusCode()).isEqualTo(409);
    }
  }

  @Test
  void sigterm_stops_the_hub_in_order_with_exit_code_0() throws Exception {
    try (HubProcess hub = start()) {
      hub.address();
      hub.terminate();
      assertThat(hub.exitCode()).isZero();
      assertThat(hub.complained()).doesNotContain("signalbox hub: ").doesNotContain("ERROR");
    }
  }

  @Test
  void readiness_is_503_while_draining() throws Exception {
    try (HubProcess hub = HubProcess.start(folder, WITH_KEY, "--http-port=0", "--drain-time=5s")) {
      String address = hub.address();
      assertThat(get(address, "/health/ready", KEY).statusCode()).isEqualTo(200);
      hub.terminate();
      HttpResponse<String> answer = get(address, "/health/ready", KEY);
      while (answer.statusCode() == 200) {
        answer = get(address, "/health/ready", KEY);
      }
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("draining");
      assertThat(hub.exitCode()).isZero();
    }
  }

  @Test
  void a_wrong_setting_stops_the_start_with_one_line_and_exit_code_78() throws Exception {
    assertFails(
        78,
        "signalbox hub: http.port: 99999 is not in 0..65535 (from --http-port)\n",
        "--http-port",
        "99999");
    assertFails(78, "signalbox hub: unknown option --colour (see --help)\n", "--colour", "red");
    assertFails(
        78, "signalbox hub: config: nowhere.yaml cannot be read\n", "--config", "nowhere.yaml");
  }

  @Test
  void a_port_in_use_stops_the_start_with_one_line_and_exit_code_69() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());
      String line =
          "signalbox hub: http.port: " + port + " is in use; choose another with --http-port\n";
      assertFails(69, line, "--http-port", port);
    }
  }

  @Test
  void an_unusable_data_directory_stops_the_start_with_exit_code_74() throws Exception {
    Files.writeString(folder.resolve("file"), "no directory");
    assertFails(
        74,
        "signalbox hub: data: file/x cannot be written (FileSystemException); choose another with --data\n",
        "--data",
        "file/x");
    try (HubProcess holder = start()) {
      holder.address();
      try (HubProcess second = start()) {
        assertThat(second.exitCode()).isEqualTo(74);
        assertThat(second.complained())
            .matches("signalbox hub: data: \\S*data is in use by another hub \\(process \\d+\\)\n");
      }
    }
  }

  @Test
  void print_config_shows_the_origin_of_each_value_and_masks_the_key() throws Exception {
    Files.writeString(folder.resolve("signalbox.yaml"), "node: cellar\n");
    Map<String, String> variables = Map.of("SIGNALBOX_ADMIN_KEY", KEY, "SIGNALBOX_DATA", "there");
    try (HubProcess hub =
        HubProcess.start(
            folder, variables, "--config=signalbox.yaml", "--print-config", "--http-port=0")) {
      assertThat(hub.exitCode()).isZero();
      assertThat(hub.said())
          .containsPattern("data: there +# SIGNALBOX_DATA")
          .containsPattern("node: cellar +# signalbox.yaml")
          .containsPattern("port: 0 +# --http-port")
          .containsPattern("host: 127.0.0.1 +# default")
          .containsPattern("adminKey: \\*+ +# SIGNALBOX_ADMIN_KEY")
          .doesNotContain(KEY);
    }
    assertThat(folder.resolve("there")).doesNotExist();
  }

  @Test
  void a_first_start_that_fails_has_shown_the_key_that_it_generated() throws Exception {
    String key;
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HubProcess first =
            HubProcess.start(
                folder, Map.of(), "--http-port", Integer.toString(other.getLocalPort()))) {
      assertThat(first.exitCode()).isEqualTo(69);
      Matcher shown = MADE_KEY.matcher(first.said());
      assertThat(shown.find()).as(first.said()).isTrue();
      key = shown.group(1);
    }
    try (HubProcess second = HubProcess.start(folder, Map.of(), "--http-port", "0")) {
      assertThat(get(second.address(), "/api/v1/info", key).statusCode()).isEqualTo(200);
    }
  }

  private HubProcess start() throws IOException {
    return HubProcess.start(folder, WITH_KEY, "--http-port", "0");
  }

  private void assertFails(int exitCode, String complaint, String... arguments)
      throws IOException, InterruptedException, TimeoutException {
    try (HubProcess hub = HubProcess.start(folder, WITH_KEY, arguments)) {
      assertThat(hub.exitCode()).as(hub.complained()).isEqualTo(exitCode);
      assertThat(hub.complained()).isEqualTo(complaint);
      assertThat(hub.said()).isEmpty();
    }
  }

  private HttpResponse<String> get(String address, String path, String key)
      throws IOException, InterruptedException {
    return http.send(request(address, path, key).GET().build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> register(String address, String device)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(address, "/api/v1/devices", KEY)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"id\":\"" + device + "\"}"))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String address, String path, String key) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .header("Authorization", "Bearer " + key);
  }
}
