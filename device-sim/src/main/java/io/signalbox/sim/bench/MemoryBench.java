package io.signalbox.sim.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ./signalbox bench memory}: resident memory of the hub by load. */
@Command(
    name = "memory",
    description =
        "Measures resident memory without a prior garbage collection: of a hub with idle"
            + " connections, and every minute of a hub under load.")
final class MemoryBench implements Callable<Integer> {
  private static final int MINUTE = 60;

  @ParentCommand private Bench bench = new Bench();

  @Option(
      names = "--idle",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "0,1000,10000",
      description =
          "Idle connections, one minute each (default: ${DEFAULT-VALUE}; needs ulimit -n).")
  private List<Integer> idle = List.of();

  @Option(
      names = "--rates",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "1,6",
      description = "Messages of six readings per second and device (default: ${DEFAULT-VALUE}).")
  private List<Integer> rates = List.of();

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Number of sending devices (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--commands",
      paramLabel = "R",
      defaultValue = "20",
      description = "Commands per second in total (default: ${DEFAULT-VALUE}).")
  private int commands;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "7",
      description = "Minutes per load (default: ${DEFAULT-VALUE}).")
  private int minutes;

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        "| load | minute | resident, MB | %% of a core |%n| --- | --- | --- | --- |%n");
    for (int connections : idle) {
      idle(connections);
    }
    for (int rate : rates) {
      send(rate);
    }
    return 0;
  }

  private void idle(int connections) throws Exception {
    try (ServerProcess hub = bench.environment().hub(connections);
        WebSocketLoad load = new WebSocketLoad(Vertx.vertx())) {
      load.connect(hub.address(), connections, BenchEnvironment::client).await();
      follow(hub, connections + " idle connections", 1);
    }
  }

  private void send(int rate) throws IOException, InterruptedException {
    String load =
        "%d devices, %d messages/s each, %d commands/s".formatted(devices, rate, commands);
    List<String> arguments =
        List.of(
            "--devices",
            Integer.toString(devices),
            "--rate",
            Integer.toString(rate),
            "--commands",
            Integer.toString(commands),
            "--quiet");
    try (ServerProcess hub = bench.environment().hub(0);
        ServerProcess simulator = bench.environment().simulator(hub.address(), arguments)) {
      follow(hub, load, minutes);
      simulator.mustRun();
    }
  }

  private static void follow(ServerProcess hub, String load, int minutes)
      throws IOException, InterruptedException {
    for (int minute = 1; minute <= minutes; minute++) {
      double cpu = hub.cpuSeconds();
      BenchEnvironment.pass(MINUTE);
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.0f | %.1f |%n",
          load,
          minute,
          hub.residentBytesNow() / 1e6,
          100 * (hub.cpuSeconds() - cpu) / MINUTE);
    }
  }
}
