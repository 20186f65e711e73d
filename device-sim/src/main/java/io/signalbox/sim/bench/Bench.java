package io.signalbox.sim.bench;

import io.signalbox.cli.CommandLineConventions;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./signalbox bench}: CPU per reading and memory per idle connection. */
@Command(
    name = "signalbox bench",
    description =
        "Measures the hub's CPU per reading and memory per idle device, compared to an echo.",
    subcommands = {
      CommandsBench.class,
      PollsBench.class,
      TransportsBench.class,
      StartupBench.class,
      MemoryBench.class
    },
    footer = {
      "",
      "signalbox bench polling compares the poll planner with other strategies, simulated."
    })
public final class Bench implements Callable<Integer> {
  @Option(names = "--hub-jar", required = true, hidden = true)
  private Path hubJar = Path.of("");

  @Option(names = "--hub-options", hidden = true, defaultValue = "")
  private String hubOptions = "";

  @Option(names = "--sim-options", hidden = true, defaultValue = "")
  private String simOptions = "";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measurement rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      defaultValue = "8",
      description = "Warm-up seconds before each measurement (default: ${DEFAULT-VALUE}).")
  private int warmSeconds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "Seconds per measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "200",
      description = "Number of sending devices (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "20",
      description = "Unacknowledged messages per device (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--idle",
      paramLabel = "N",
      defaultValue = "19000",
      description = "Idle connections, 0 for none (default: ${DEFAULT-VALUE}; needs ulimit -n).")
  private int idle;

  @Option(
      names = "--strict",
      paramLabel = "WORD",
      defaultValue = "none",
      description = {
        "Type of the sending devices: none; accept, tag or refuse: a type with this strictness,"
            + " which all readings fit;",
        "other: none, while another type refuses (default: ${DEFAULT-VALUE})."
      })
  private BenchType type = BenchType.NONE;

  Bench() {}

  /** Runs the benchmark. */
  public static void main(String[] arguments) {
    CommandLine line = CommandLineConventions.apply(new CommandLine(new Bench()), Bench.class);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (ServerProcess echo = environment().echo();
        ServerProcess hub = environment().hub(devices, type)) {
      System.out.printf(
          "| round | echo, CPU us/message | hub, CPU us/reading | ratio |%n"
              + "| --- | --- | --- | --- |%n");
      for (int round = 1; round <= rounds; round++) {
        double bare = microsOfEach(echo);
        double whole = microsOfEach(hub);
        System.out.printf("| %d | %.1f | %.1f | %.2f |%n", round, bare, whole, whole / bare);
      }
    }
    if (idle > 0) {
      System.out.printf(
          "%n| %d idle connections | resident bytes/connection |%n| --- | --- |%n", idle);
      try (ServerProcess echo = environment().echo()) {
        System.out.printf("| echo | %d |%n", bytesOfEach(echo));
      }
      try (ServerProcess hub = environment().hub(idle)) {
        System.out.printf("| hub | %d |%n", bytesOfEach(hub));
      }
    }
    return 0;
  }

  private double microsOfEach(ServerProcess server) throws Exception {
    try (WebSocketLoad load = new WebSocketLoad(Vertx.vertx())) {
      load.connect(server.address(), devices, BenchEnvironment::client).await();
      load.send(window);
      BenchEnvironment.pass(warmSeconds);
      long before = load.answered();
      double cpu = server.cpuSeconds();
      BenchEnvironment.pass(seconds);
      return 1e6 * (server.cpuSeconds() - cpu) / (load.answered() - before);
    }
  }

  private long bytesOfEach(ServerProcess server) throws Exception {
    long before = server.residentBytes();
    try (WebSocketLoad load = new WebSocketLoad(Vertx.vertx())) {
      load.connect(server.address(), idle, BenchEnvironment::client).await();
      BenchEnvironment.pass(seconds);
      return (server.residentBytes() - before) / idle;
    }
  }

  BenchEnvironment environment() {
    return new BenchEnvironment(hubJar, hubOptions, simOptions);
  }
}
