package io.signalbox.sim;

import io.signalbox.testsupport.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hub in a child process, which can be killed as by {@code kill -9} and restarted. */
final class HubProcess implements AutoCloseable {
  static final String ADMIN_KEY = "sbk_an-admin-key-for-tests-0123456789abcdefghij";
  private static final String READY = "listening on ";
  private static final long START_SECONDS = 180;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path data;
  private final List<String> prefix;
  private final List<String> settings;
  private @Nullable Process process;
  private String url = "";

  private HubProcess(Path data, List<String> prefix, List<String> settings) {
    this.data = data;
    this.prefix = prefix;
    this.settings = settings;
  }

  /** Starts a hub with its data in {@code data} and waits until it is ready. */
  static HubProcess start(Path data) {
    return start(data, List.of());
  }

  /**
   * Starts a hub with settings and a command prefix.
   *
   * @param prefix a command that runs the command that follows in its own process, like {@code env}
   */
  static HubProcess start(Path data, List<String> prefix, String... settings) {
    HubProcess hub = new HubProcess(data, prefix, List.of(settings));
    hub.run(FreePorts.next());
    return hub;
  }

  /** Kills the process at once, without a shutdown. */
  void kill() {
    Process running = Objects.requireNonNull(process);
    running.destroyForcibly().onExit().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Restarts it with the same data and address. */
  void restart() {
    run(port());
  }

  String url() {
    return url;
  }

  int port() {
    return URI.create(url).getPort();
  }

  private void run(int port) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(java, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-jar", jar().toString(), "--http-port", String.valueOf(port)));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(settings);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SIGNALBOX_ADMIN_KEY", ADMIN_KEY);
    builder.redirectError(data.resolveSibling(data.getFileName() + ".err").toFile());
    try {
      Process started = builder.start();
      process = started;
      // Kill the hub even if the test run is aborted.
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      url =
          CompletableFuture.supplyAsync(() -> address(started))
              .orTimeout(START_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The built jar, or the one set by {@code signalbox.hub.jar}. */
  private static Path jar() {
    String named = System.getProperty("signalbox.hub.jar");
    if (named != null) {
      return Path.of(named);
    }
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of("..", "hub", "target"), "hub-*.jar")) {
      return jars.iterator().next();
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(
          "the hub's jar is not built: run `mvn -pl hub package` first, or `mvn verify` for all",
          e);
    }
  }

  private static String address(Process started) {
    BufferedReader lines = started.inputReader(StandardCharsets.UTF_8);
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(READY)) {
          // Drain later output so that the pipe does not fill up.
          Thread.startVirtualThread(() -> lines.lines().forEach(more -> {}));
          return line.substring(READY.length()).strip();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the hub ended before it was ready");
  }

  /** Sends GET below {@code /api/v1}; the response body. */
  String get(String path) {
    return ask(request(path).GET());
  }

  /** Whether GET below {@code /api/v1} finds a resource. */
  boolean has(String path) {
    return send(request(path).GET()).statusCode() == 200;
  }

  String post(String path, String json) {
    return ask(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
        .timeout(Duration.ofMinutes(3))
        .header("Authorization", "Bearer " + ADMIN_KEY);
  }

  private String ask(HttpRequest.Builder request) {
    HttpResponse<String> answer = send(request);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer + ": " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
