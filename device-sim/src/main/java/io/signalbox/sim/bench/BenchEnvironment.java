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

/** Where measurements take place: starts the servers, and lets devices be known to a hub. */
record BenchEnvironment(Path hubJar, String hubOptions, String simOptions) {
  /** May do everything at every hub that is started here. */
  static final String API_KEY = "sbk_of-the-benchmark-0123456789abcdef";

  private static final int REGISTERED_AT_ONCE = 1000;

  /** A bare Vert.x that sends every message back. */
  ServerProcess echo() throws IOException {
    String classPath = System.getProperty("java.class.path");
    return ServerProcess.start(
        List.of(java(), "-XX:+UseSerialGC", "-Xmx1g", "-cp", classPath, EchoServer.class.getName()),
        Map.of());
  }

  /** A hub with an empty store, in which {@code devices} are registered. */
  ServerProcess hub(int devices) throws IOException, InterruptedException {
    return hub(Files.createTempDirectory("signalbox-bench"), devices);
  }

  /** A hub with that data directory, in which {@code devices} are registered now. */
  ServerProcess hub(Path data, int devices) throws IOException, InterruptedException {
    List<String> command = java(hubOptions);
    command.addAll(
        List.of("-jar", hubJar.toString(), "--data", data.toString(), "--http-port", "0"));
    command.addAll(List.of("--gateway-readings-per-second", "0"));
    ServerProcess hub = ServerProcess.start(command, Map.of("SIGNALBOX_ADMIN_KEY", API_KEY));
    try {
      register(hub.address(), devices);
    } catch (IOException | InterruptedException e) {
      hub.close();
      throw e;
    }
    return hub;
  }

  /** A simulator, in a process of its own, as people start it. */
  ServerProcess simulator(URI hub, List<String> arguments) throws IOException {
    List<String> command = java(simOptions);
    // The simulator is in the jar that this runs from.
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

  /** The id of a device that was registered. */
  static String device(int number) {
    return "bench-" + number;
  }

  /** How that device asks to be let in. */
  static WebSocketPool.PoolClient client(int number) {
    return new WebSocketPool.PoolClient("/device/v1/stream", key(number));
  }

  /** A measurement lasts for a time: there is nothing to wait for. */
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

  /** The Java that runs this. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static void register(URI hub, int count) throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    for (int first = 0; first < count; first += REGISTERED_AT_ONCE) {
      JsonArray some = new JsonArray();
      for (int i = first; i < Math.min(count, first + REGISTERED_AT_ONCE); i++) {
        some.add(new JsonObject().put("id", device(i)).put("key", key(i)));
      }
      HttpRequest request =
          HttpRequest.newBuilder(hub.resolve("/api/v1/devices"))
              .header("Authorization", "Bearer " + API_KEY)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(some.encode()))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("devices could not be registered: " + answer.body());
      }
    }
  }
}
