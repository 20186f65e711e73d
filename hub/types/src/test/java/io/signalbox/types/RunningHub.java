package io.signalbox.types;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Hub in a child process, from the built jar or the one set by {@code signalbox.hub.jar}. */
final class RunningHub implements AutoCloseable {
  static final String KEY = "sbk_an-admin-key-for-tests-0123456789abcdefghij";
  private static final String READY = "listening on ";
  private static final long START_SECONDS = 180;

  private final Process process;
  private final String url;

  private RunningHub(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static RunningHub start(Path data) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                java,
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                jar().toString(),
                "--http-port",
                "0",
                "--data",
                data.toString()));
    builder.environment().put("SIGNALBOX_ADMIN_KEY", KEY);
    builder.redirectError(data.resolveSibling("hub.err").toFile());
    Process process = builder.start();
    // Kill the hub even if the test run is aborted.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    String url =
        CompletableFuture.supplyAsync(() -> address(process))
            .orTimeout(START_SECONDS, TimeUnit.SECONDS)
            .join();
    return new RunningHub(process, url);
  }

  private static Path jar() throws IOException {
    String named = System.getProperty("signalbox.hub.jar");
    if (named != null) {
      return Path.of(named);
    }
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of("..", "target"), "hub-*.jar")) {
      return jars.iterator().next();
    }
  }

  private static String address(Process process) {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    return lines
        .lines()
        .filter(line -> line.startsWith(READY))
        .findFirst()
        .map(line -> line.substring(READY.length()).strip())
        .orElseThrow(() -> new AssertionError("the hub ended before it was ready"));
  }

  String url() {
    return url;
  }

  /** Sends a request below {@code /api/v1}; the response body. */
  String send(String method, String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
            .header("Authorization", "Bearer " + KEY)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
  }
}
