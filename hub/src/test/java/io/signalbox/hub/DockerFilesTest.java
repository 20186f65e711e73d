package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.signalbox.hub.config.SettingsReference;
import io.signalbox.hub.store.redis.RedisServer;
import io.signalbox.hub.websocket.RawWebSocket;
import io.signalbox.testsupport.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code docker/}, as far as that needs no Docker. */
class DockerFilesTest {
  private static final Path DOCKER = Path.of("..", "docker");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Variables of the launcher. */
  private static final Set<String> OF_THE_LAUNCHER = Set.of("SIGNALBOX_JAVA_OPTS");

  @TempDir private Path folder;

  private static Set<String> found(String pattern, String text) {
    Set<String> all = new TreeSet<>();
    Pattern.compile(pattern).matcher(text).results().forEach(each -> all.add(each.group()));
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compose.yaml",
        "compose.cluster.yaml",
        ".env",
        "Dockerfile",
        "healthcheck",
        "helm/signalbox/values.yaml",
        "helm/signalbox/templates/statefulset.yaml"
      })
  void every_variable_of_the_hub_is_a_setting(String file) throws IOException {
    Set<String> settings =
        found("SIGNALBOX_[A-Z_]+", SettingsReference.of(HubConfig.class).markdown());
    Set<String> used = found("SIGNALBOX_[A-Z_]+", Files.readString(DOCKER.resolve(file)));

    used.removeAll(OF_THE_LAUNCHER);
    assertThat(used).isNotEmpty().isSubsetOf(settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", "compose.cluster.yaml"})
  void every_other_variable_has_a_default_and_every_file_exists(String file) throws IOException {
    String text = Files.readString(DOCKER.resolve(file));
    Set<String> defaults = found("(?m)^[A-Z_]+(?==)", Files.readString(DOCKER.resolve(".env")));
    Set<String> without = found("(?<=\\$\\{)[A-Z_]+(?=\\})", text);
    assertThat(without).isNotEmpty().isSubsetOf(defaults);

    JsonNode compose = YAML.readTree(text);
    Set<String> volumes = new TreeSet<>();
    compose.path("volumes").fieldNames().forEachRemaining(volumes::add);
    for (JsonNode service : compose.path("services")) {
      for (JsonNode mount : service.path("volumes")) {
        String source = mount.asText().split(":", -1)[0];
        if (source.startsWith("./")) {
          assertThat(DOCKER.resolve(source)).isRegularFile();
        } else {
          assertThat(volumes).contains(source);
        }
      }
    }
  }

  @Test
  void the_image_is_made_of_files_that_exist() throws IOException {
    String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));
    assertThat(found("(?m)(?<=^COPY )docker/\\S+", dockerfile))
        .isNotEmpty()
        .allSatisfy(copied -> assertThat(Path.of("..", copied)).isRegularFile());
    assertThat(DOCKER.resolve("healthcheck")).isExecutable();
  }

  @Test
  void the_chart_has_a_version_and_its_values_can_be_read() throws IOException {
    Path chart = DOCKER.resolve("helm/signalbox");
    assertThat(YAML.readTree(chart.resolve("Chart.yaml").toFile()).path("version").asText())
        .matches("\\d+\\.\\d+\\.\\d+");
    JsonNode values = YAML.readTree(chart.resolve("values.yaml").toFile());
    Set<String> used = new TreeSet<>();
    try (Stream<Path> templates = Files.list(chart.resolve("templates"))) {
      for (Path template : templates.toList()) {
        used.addAll(found("(?<=\\.Values\\.)[A-Za-z.]+", Files.readString(template)));
      }
    }
    assertThat(used)
        .isNotEmpty()
        .allSatisfy(
            path -> assertThat(values.at("/" + path.replace('.', '/')).isMissingNode()).isFalse());
  }

  @Test
  void every_query_of_the_dashboard_uses_metrics_that_a_hub_has() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(DOCKER.resolve("grafana/signalbox.json").toFile());
    Set<String> used = new TreeSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(panel.path("targets")).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        used.addAll(
            found("\\b(signalbox|jvm|process|system)_[a-z0-9_]+", target.path("expr").asText()));
      }
    }
    try (RunningHub hub = hub("only", prefix())) {
      String metrics = hub.metrics();
      assertThat(used).isNotEmpty().isSubsetOf(found("(?m)^[a-z0-9_]+(?=[ {])", metrics));
    }
  }

  private static String prefix() {
    return "test-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private RunningHub hub(String node, String prefix, String... more) {
    List<String> settings = new ArrayList<>(List.of("--node", node, "--http-trusted-proxies"));
    settings.addAll(List.of("127.0.0.1", "--redis-url", RedisServer.shared().url()));
    settings.addAll(List.of("--redis-prefix", prefix));
    settings.addAll(List.of(more));
    return RunningHub.start(folder.resolve(node), settings.toArray(String[]::new));
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  private Process haproxy(int port, List<Integer> hubs) throws IOException {
    assumeThat(Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin"))
        .as("haproxy is installed")
        .anyMatch(each -> Files.isExecutable(Path.of(each, "haproxy")));
    ProcessBuilder command =
        new ProcessBuilder("haproxy", "-db", "-f", DOCKER.resolve("haproxy.cfg").toString());
    command.environment().put("LISTEN", "127.0.0.1:" + port);
    for (int i = 0; i < hubs.size(); i++) {
      command.environment().put("HUB_" + (i + 1), "127.0.0.1:" + hubs.get(i));
    }
    return command
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("haproxy").toFile())
        .start();
  }

  private static RawWebSocket device(int port, String key) {
    return RawWebSocket.open(
        port,
        "/device/v1/stream",
        "Authorization: Bearer " + key,
        "Sec-WebSocket-Protocol: signalbox.v1.json");
  }

  @Test
  void haproxy_spreads_devices_over_the_hubs_and_leaves_out_one_that_has_stopped()
      throws Exception {
    String prefix = prefix();
    int port = FreePorts.next();
    List<RawWebSocket> devices = new ArrayList<>();
    RunningHub north = hub("north", prefix);
    RunningHub south = hub("south", prefix);
    Process haproxy = haproxy(port, List.of(north.port(), south.port()));
    try {
      await().ignoreExceptions().until(() -> get(port, "/health/ready").statusCode() == 200);
      for (int i = 0; i < 4; i++) {
        String key = north.register("pump-" + i);
        // On a busy machine a hub may be out for a moment.
        RawWebSocket device =
            await().ignoreExceptions().until(() -> device(port, key), any -> true);
        device.nextMessage();
        devices.add(device);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(north.get("/api/v1/nodes").path("items"))
                      .hasSize(2)
                      .allSatisfy(node -> assertThat(node.path("online").asInt()).isPositive()));

      south.close();

      await()
          .untilAsserted(
              () -> {
                for (int i = 0; i < 20; i++) {
                  assertThat(get(port, "/api/v1/devices/pump-1").statusCode()).isEqualTo(200);
                }
              });
      assertThat(Files.readString(folder.resolve("haproxy"))).contains("Server hubs/hub-2 is DOWN");
    } finally {
      devices.forEach(RawWebSocket::close);
      haproxy.destroy();
      assertThat(haproxy.waitFor(60, TimeUnit.SECONDS)).isTrue();
      south.close();
      north.close();
    }
  }

  @Test
  void haproxy_without_a_hub_that_is_ready_answers_503_with_a_time_to_retry() throws Exception {
    int port = FreePorts.next();
    Process haproxy = haproxy(port, List.of(FreePorts.next()));
    try {
      await().ignoreExceptions().until(() -> get(port, "/health/ready").statusCode() == 503);
      HttpResponse<String> none = get(port, "/api/v1/devices");
      assertThat(none.headers().firstValue("Retry-After")).hasValue("2");
      assertThat(RunningHub.json(none.body()).path("code").asText()).isEqualTo("unavailable");
    } finally {
      haproxy.destroy();
      assertThat(haproxy.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
