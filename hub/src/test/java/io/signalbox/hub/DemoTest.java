package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./signalbox demo --nodes 2}, with the jars of the last build and data of its own. */
@Timeout(600)
@SuppressWarnings("NullAway.Init") // set before each test
class DemoTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SIGN_IN =
      Pattern.compile(" console +(http:\\S+)\n +sign in +(sbk_\\S+)\n");

  @TempDir private Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process demo;
  private Path out;
  private URI console;
  private String key;

  @BeforeEach
  void start() throws Exception {
    for (String module : List.of("hub", "device-sim")) {
      Path built = ROOT.resolve(module).resolve("target");
      assumeThat(built.resolve("lib")).as("the jars are built by ./signalbox test").exists();
      Files.createDirectory(home.resolve(module));
      Files.createSymbolicLink(home.resolve(module).resolve("target"), built);
    }
    for (String program : List.of("redis-server", "haproxy", "node")) {
      assumeThat(Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin"))
          .as(program + " is installed")
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
    Files.createSymbolicLink(home.resolve("docker"), ROOT.resolve("docker"));
    Path script = Files.copy(ROOT.resolve("signalbox"), home.resolve("signalbox"));
    out = home.resolve("out");
    ProcessBuilder command =
        new ProcessBuilder("sh", script.toString(), "demo", "--nodes", "2", "--http-port", "0");
    command.environment().keySet().removeIf(name -> name.startsWith("SIGNALBOX_"));
    Process started = command.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    demo = started;
    await()
        .failFast(() -> assertThat(started.isAlive()).as(Files.readString(out)).isTrue())
        .until(() -> SIGN_IN.matcher(Files.readString(out)).find());
    Matcher printed = SIGN_IN.matcher(Files.readString(out));
    assertThat(printed.find()).isTrue();
    console = URI.create(printed.group(1));
    key = printed.group(2);
  }

  @AfterEach
  void stop() throws Exception {
    Process running = demo;
    if (running != null) {
      running.destroy();
      assertThat(running.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }
  }

  private JsonNode get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(console.resolve(path))
            .header("Authorization", "Bearer " + key)
            .build();
    return RunningHub.json(http.send(request, BodyHandlers.ofString()).body());
  }

  @Test
  void one_address_serves_two_nodes_and_a_signal_ends_every_process_in_order() throws Exception {
    await().until(() -> get("/api/v1/nodes").path("items").size() == 2);
    await().until(() -> presence("demo-0001").equals("online"));
    await()
        .untilAsserted(
            () ->
                assertThat(get("/api/v1/nodes").path("items"))
                    .allSatisfy(node -> assertThat(node.path("online").asInt()).isPositive()));
    Process running = Objects.requireNonNull(demo);
    // simulator, two hubs, HAProxy, Redis
    List<ProcessHandle> started = running.descendants().toList();
    assertThat(started).hasSizeGreaterThanOrEqualTo(5);

    Process kill = new ProcessBuilder("kill", "-TERM", Long.toString(running.pid())).start();
    assertThat(kill.waitFor()).isZero();

    assertThat(running.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).as(Files.readString(out)).isZero();
    assertThat(started).noneMatch(ProcessHandle::isAlive);
    // A hub that loses Redis before its end says so, and Redis that is killed does not.
    assertThat(log("node-1.out.err")).doesNotContain("WARN", "ERROR");
    assertThat(log("node-2.out.err")).doesNotContain("WARN", "ERROR");
    assertThat(log("redis.out")).endsWith("bye bye...\n");
    assertThat(home.resolve("data/demo/redis/appendonlydir")).isNotEmptyDirectory();
  }

  private String presence(String device) throws Exception {
    return get("/api/v1/devices/" + device).path("presence").path("state").asText();
  }

  private String log(String name) throws IOException {
    return Files.readString(home.resolve("data/demo").resolve(name));
  }
}
