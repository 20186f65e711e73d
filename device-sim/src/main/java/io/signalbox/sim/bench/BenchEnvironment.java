package io.signalbox.sim.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the server processes of a benchmark and registers devices. */
record BenchEnvironment(Path hubJar, String hubOptions, String simOptions) {
  /** Admin key of all hubs started for benchmarks. */
  static final String API_KEY = "sbk_of-the-benchmark-0123456789abcdef";

  private static final int REGISTERED_AT_ONCE = 1000;

  /** Starts a plain Vert.x echo server. */
  ServerProcess echo() throws IOException {
    String classPath = System.getProperty("java.class.path");
    return ServerProcess.start(
        List.of(java(), "-XX:+UseSerialGC", "-Xmx1g", "-cp", classPath, EchoServer.class.getName()),
        Map.of());
  }

  /** Starts a hub with an empty store and registers {@code devices} devices. */
  ServerProcess hub(int devices) throws IOException, InterruptedException {
    return hub(Files.createTempDirectory("signalbox-bench"), devices);
  }

  /** The same with devices of a type. */
  ServerProcess hub(int devices, BenchType type) throws IOException, InterruptedException {
    return hub(Files.createTempDirectory("signalbox-bench"), devices, type);
  }

  /** Starts a hub on a data directory and registers {@code devices} devices. */
  ServerProcess hub(Path data, int devices) throws IOException, InterruptedException {
    return hub(data, devices, BenchType.NONE);
  }

  private ServerProcess hub(Path data, int devices, BenchType type)
      throws IOException, InterruptedException {
    List<String> command = java(hubOptions);
    command.addAll(
        List.of("-jar", hubJar.toString(), "--data", data.toString(), "--http-port", "0"));
    command.addAll(List.of("--gateway-readings-per-second", "0"));
    ServerProcess hub = ServerProcess.start(command, Map.of("SIGNALBOX_ADMIN_KEY", API_KEY));
    try {
      if (type != BenchType.NONE) {
        define(hub.address(), type);
      }
      register(hub.address(), devices, type);
    } catch (IOException | InterruptedException e) {
      hub.close();
      throw e;
    }
    return hub;
  }

  /** Starts a simulator process with the launcher's JVM options. */
  ServerProcess simulator(URI hub, List<String> arguments) throws IOException {
    List<String> command = java(simOptions);
    // The simulator is in the running jar.
    command.addAll(List.of("-jar", System.getProperty("java.class.path")));
    command.addAll(List.of("--hub", hub.toString()));
    command.addAll(arguments);
    return ServerProcess.client(command, Map.of("SIGNALBOX_ADMIN_KEY", API_KEY), hub);
  }

  private static List<String> java(String options) {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(List.of(options.isBlank() ? new String[0] : options.trim().split(" +", -1)));
    return command;
  }

  /** The id of the {@code index}-th registered device. */
  static String device(int number) {
    return "bench-" + number;
  }

  /** The credentials of that device. */
  static WebSocketPool.PoolClient client(int number) {
    return new WebSocketPool.PoolClient("/device/v1/stream", key(number));
  }

  /** Waits for the duration of a measurement. */
  static void pass(int seconds) throws InterruptedException {
    Object nobody = new Object();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    synchronized (nobody) {
      for (long left = seconds * 1000L; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
        nobody.wait(left);
      }
    }
  }

  private static String key(int number) {
    return "key-of-bench-device-number-" + number;
  }

  /** The running Java executable. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static void define(URI hub, BenchType type) throws IOException, InterruptedException {
    HttpRequest request =
        request(hub.resolve("/api/v1/types/" + BenchType.NAME))
            .PUT(HttpRequest.BodyPublishers.ofString(type.definition().encode()))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IOException("definition of the device type failed: " + answer.body());
    }
  }

  private static void register(URI hub, int count, BenchType type)
      throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    for (int first = 0; first < count; first += REGISTERED_AT_ONCE) {
      JsonArray some = new JsonArray();
      for (int i = first; i < Math.min(count, first + REGISTERED_AT_ONCE); i++) {
        JsonObject device = new JsonObject().put("id", device(i)).put("key", key(i));
        some.add(type.isOfDevices() ? device.put("type", BenchType.NAME) : device);
      }
      HttpRequest request =
          request(hub.resolve("/api/v1/devices"))
              .POST(HttpRequest.BodyPublishers.ofString(some.encode()))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("device registration failed: " + answer.body());
      }
    }
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address)
        .header("Authorization", "Bearer " + API_KEY)
        .header("Content-Type", "application/json");
  }
}
