package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real collectd with its plugin write_http, which sends its credentials only after a 401 with a
 * Basic challenge. Needs the packages collectd-core, libyajl2 and libcurl3-gnutls.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class CollectdTest {
  private static final Path PROGRAM = Path.of("/usr/sbin/collectd");
  private static final Path PLUGINS = Path.of("/usr/lib/collectd");
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  @StartHub private static RunningHub hub;

  @TempDir private Path directory;

  @BeforeAll
  static void requireCollectd() {
    boolean isThere = Files.isExecutable(PROGRAM) && Files.exists(PLUGINS.resolve("write_http.so"));
    if (!isThere && System.getenv("CI") != null) {
      fail("needs collectd: apt-get install collectd-core libyajl2 libcurl3-gnutls");
    }
    Assumptions.assumeTrue(isThere, "collectd-core is not installed");
  }

  @ParameterizedTest
  @CsvSource({"JSON, shortterm, longterm", "Command, 0, 2"})
  void values_of_collectd_are_stored_under_its_names(String format, String first, String last)
      throws IOException {
    String id = "collectd-" + format.toLowerCase(Locale.ROOT);
    String key = hub.register(id);
    long began = System.currentTimeMillis();

    try (Daemon daemon = new Daemon(configuration(id, id, key, format))) {
      await()
          .atMost(DEADLINE)
          .until(() -> hub.latest(id).has("load.load." + last) || !daemon.isRunning());
      assertThat(daemon.isRunning()).as(daemon::log).isTrue();
    }
    JsonNode load = hub.latest(id).path("load.load." + first);
    assertThat(load.path("value").isNumber()).isTrue();
    assertThat(load.path("ts").asLong()).isBetween(began - 60_000, System.currentTimeMillis());
    assertThat(hub.latest(id).path("uptime.uptime").path("value").asDouble()).isPositive();
    assertThat(presence(id).path("cause").asText()).isEqualTo("polling");
  }

  @Test
  void readings_of_a_collectd_with_a_wrong_key_are_refused() throws IOException {
    String id = "collectd-stranger";
    hub.register(id);

    Path log;
    try (Daemon daemon = new Daemon(configuration(id, id, "x".repeat(30), "JSON"))) {
      log = daemon.logFile();
      await().atMost(DEADLINE).until(() -> daemon.log().contains("401") || !daemon.isRunning());
    }
    assertThat(Files.readString(log)).contains("401");
    assertThat(hub.latest(id).isEmpty()).isTrue();
  }

  private static JsonNode presence(String id) {
    return hub.get("/api/v1/devices/" + id + "/presence");
  }

  private Path configuration(String hostname, String user, String key, String format)
      throws IOException {
    String url = "http://127.0.0.1:" + hub.port() + "/device/v1/telemetry?format=collectd";
    String text =
        """
        Hostname "%s"
        FQDNLookup false
        BaseDir "%s"
        PIDFile "%s/collectd.pid"
        PluginDir "%s"
        Interval 1
        LoadPlugin logfile
        <Plugin logfile>
          LogLevel info
          File "%s/collectd.log"
        </Plugin>
        LoadPlugin load
        LoadPlugin uptime
        LoadPlugin write_http
        <Plugin write_http>
          <Node "signalbox">
            URL "%s"
            User "%s"
            Password "%s"
            Format "%s"
            BufferSize 1024
            LogHttpError true
          </Node>
        </Plugin>
        """
            .formatted(hostname, directory, directory, PLUGINS, directory, url, user, key, format);
    return Files.writeString(directory.resolve("collectd.conf"), text);
  }

  /** collectd in the foreground; closing this ends it. */
  private static final class Daemon implements AutoCloseable {
    private final Process process;
    private final Path logFile;

    Daemon(Path configuration) throws IOException {
      logFile = configuration.resolveSibling("collectd.log");
      process =
          new ProcessBuilder(PROGRAM.toString(), "-f", "-C", configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(configuration.resolveSibling("output.log").toFile())
              .start();
    }

    boolean isRunning() {
      return process.isAlive();
    }

    Path logFile() {
      return logFile;
    }

    String log() {
      try {
        return Files.exists(logFile) ? Files.readString(logFile) : "";
      } catch (IOException unreadable) {
        return unreadable.toString();
      }
    }

    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException interrupted) {
        process.destroyForcibly();
        throw new IllegalStateException(interrupted);
      }
    }
  }
}
