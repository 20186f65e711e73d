package io.signalbox.sim.bench;

import io.vertx.core.Vertx;
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
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./signalbox bench}: prints two tables, of readings and of idle connections. */
@Command(
    name = "signalbox bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures the hub's CPU per reading and memory per idle device, beside a bare Vert.x echo.")
public final class Bench implements Callable<Integer> {
  private static final String KEY = "sbk_of-the-benchmark-0123456789abcdef";
  private static final int REGISTERED_AT_ONCE = 1000;

  @Option(names = "--hub-jar", required = true, hidden = true)
  private Path hubJar = Path.of("");

  @Option(names = "--hub-options", hidden = true, defaultValue = "")
  private String hubOptions = "";

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds of readings (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm",
      defaultValue = "8",
      description = "Seconds before each measurement (${DEFAULT-VALUE}).")
  private int warmSeconds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Seconds of each measurement (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--devices",
      defaultValue = "200",
      description = "Devices that send (${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--window",
      defaultValue = "20",
      description = "Unanswered messages of each (${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--idle",
      defaultValue = "19000",
      description = "Idle connections (${DEFAULT-VALUE}; mind ulimit -n); 0 for none.")
  private int idle;

  private Bench() {}

  /** Runs the benchmark. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (Measured echo = echo();
        Measured hub = hub()) {
      register(hub.address(), devices);
      System.out.printf(
          "| round | bare echo, us of CPU a message | hub, us of CPU a reading | ratio |%n| --- | --- | --- | --- |%n");
      for (int round = 1; round <= rounds; round++) {
        double bare = microsOfEach(echo);
        double whole = microsOfEach(hub);
        System.out.printf("| %d | %.1f | %.1f | %.2f |%n", round, bare, whole, whole / bare);
      }
    }
    if (idle > 0) {
      System.out.printf(
          "%n| %d idle connections | bytes of resident memory each |%n| --- | --- |%n", idle);
      try (Measured echo = echo()) {
        System.out.printf("| bare echo | %d |%n", bytesOfEach(echo));
      }
      try (Measured hub = hub()) {
        register(hub.address(), idle);
        System.out.printf("| hub | %d |%n", bytesOfEach(hub));
      }
    }
    return 0;
  }

  private double microsOfEach(Measured server) throws Exception {
    try (Load load = new Load(Vertx.vertx())) {
      load.connect(server.address(), devices, Bench::guest).await();
      load.send(window);
      pass(warmSeconds);
      long before = load.answered();
      double cpu = server.cpuSeconds();
      pass(seconds);
      return 1e6 * (server.cpuSeconds() - cpu) / (load.answered() - before);
    }
  }

  private long bytesOfEach(Measured server) throws Exception {
    long before = server.residentBytes();
    try (Load load = new Load(Vertx.vertx())) {
      load.connect(server.address(), idle, Bench::guest).await();
      pass(seconds);
      return (server.residentBytes() - before) / idle;
    }
  }

  /** A measurement lasts for a time: there is nothing to wait for. */
  private static void pass(int howManySeconds) throws InterruptedException {
    Object nobody = new Object();
    long end = System.nanoTime() + howManySeconds * 1_000_000_000L;
    synchronized (nobody) {
      for (long left = howManySeconds * 1000L;
          left > 0;
          left = (end - System.nanoTime()) / 1_000_000) {
        nobody.wait(left);
      }
    }
  }

  private static Load.Guest guest(int number) {
    return new Load.Guest("/device/v1/stream", key(number));
  }

  private static String key(int number) {
    return "key-of-bench-device-number-" + number;
  }

  private static Measured echo() throws IOException {
    String classPath = System.getProperty("java.class.path");
    return Measured.start(
        List.of(java(), "-XX:+UseSerialGC", "-Xmx1g", "-cp", classPath, BareEcho.class.getName()),
        Map.of());
  }

  private Measured hub() throws IOException {
    Path data = Files.createTempDirectory("signalbox-bench");
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(
        List.of(hubOptions.isBlank() ? new String[0] : hubOptions.trim().split(" +", -1)));
    command.addAll(
        List.of("-jar", hubJar.toString(), "--data", data.toString(), "--http-port", "0"));
    command.addAll(List.of("--gateway-readings-per-second", "0"));
    return Measured.start(command, Map.of("SIGNALBOX_ADMIN_KEY", KEY));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static void register(URI hub, int count) throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    for (int first = 0; first < count; first += REGISTERED_AT_ONCE) {
      JsonArray some = new JsonArray();
      for (int i = first; i < Math.min(count, first + REGISTERED_AT_ONCE); i++) {
        some.add(new JsonObject().put("id", "bench-" + i).put("key", key(i)));
      }
      HttpRequest request =
          HttpRequest.newBuilder(hub.resolve("/api/v1/devices"))
              .header("Authorization", "Bearer " + KEY)
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
