package io.signalbox.sim.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code ./signalbox bench transports}: the same traffic on every transport. The devices run in a
 * simulator process; the table repeats figures of its report.
 */
@Command(
    name = "transports",
    description =
        "Measures the cost of each transport for the same traffic: CPU and memory of the hub,"
            + " requests and bytes per device, and the latency of commands to their device.")
final class TransportsBench implements Callable<Integer> {
  private static final int SETTLE_SECONDS = 15;
  private static final int MOST_SECONDS_TO_LEAVE = 120;
  private static final String PER_HOUR = "  per dev. hour";
  private static final String BEGUN = "create to start";

  @ParentCommand private Bench bench = new Bench();

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Devices per transport (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--interval",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds between two messages of a device (default: ${DEFAULT-VALUE}).")
  private int everySeconds;

  @Option(
      names = "--commands",
      paramLabel = "R",
      defaultValue = "10",
      description = "Commands per second in total (default: ${DEFAULT-VALUE}).")
  private int commands;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "60",
      description = "Seconds per measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--transports",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "websocket,sse,longpoll,poll,adaptive",
      description = "Transports to measure (default: ${DEFAULT-VALUE}).")
  private List<String> transports = List.of();

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        "%d devices, one message each every %d s, %d commands/s in total; short polls every %d s"
            + "%n%n"
            + "| transport | hub, %% of a core | hub, heap bytes/device | device-hour | command latency |"
            + "%n| --- | --- | --- | --- | --- |%n",
        devices, everySeconds, commands, everySeconds);
    for (String transport : transports) {
      try (ServerProcess hub = bench.environment().hub(0)) {
        measure(transport, hub);
      }
    }
    return 0;
  }

  private void measure(String transport, ServerProcess hub)
      throws IOException, InterruptedException {
    long before = hub.heapBytes();
    Path report = Files.createTempFile("signalbox-transports", ".txt");
    Process simulator =
        new ProcessBuilder(simulator(transport, hub))
            .redirectErrorStream(true)
            .redirectOutput(report.toFile())
            .start();
    try {
      BenchEnvironment.pass(SETTLE_SECONDS);
      double cpu = hub.cpuSeconds();
      BenchEnvironment.pass(seconds);
      double used = hub.cpuSeconds() - cpu;
      long heap = hub.heapBytes() - before;
      simulator.waitFor(MOST_SECONDS_TO_LEAVE, TimeUnit.SECONDS);
      List<String> said = Files.readAllLines(report);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %d | %s | %s |%s%n",
          transport,
          100 * used / seconds,
          heap / devices,
          of(said, PER_HOUR),
          of(said, BEGUN),
          simulator.isAlive() || simulator.exitValue() != 0 ? " ERROR: " + said : "");
    } finally {
      simulator.destroyForcibly();
      Files.delete(report);
    }
  }

  private List<String> simulator(String transport, ServerProcess hub) {
    List<String> command =
        new ArrayList<>(
            List.of(
                BenchEnvironment.java(), "-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.signalbox.sim.Main", "--hub", hub.address().toString()));
    command.addAll(List.of("--key", BenchEnvironment.API_KEY, "--quiet", "--model", "thermostat"));
    command.addAll(List.of("--devices", Integer.toString(devices), "--transport", transport));
    command.addAll(List.of("--rate", Double.toString(1.0 / everySeconds)));
    command.addAll(List.of("--commands", Integer.toString(commands), "--command", "identify"));
    command.addAll(List.of("--duration", Integer.toString(SETTLE_SECONDS + seconds + 5)));
    if (transport.equals("poll")) {
      command.addAll(List.of("--poll-interval", everySeconds + "s"));
    }
    return command;
  }

  private static String of(List<String> said, String label) {
    return said.stream()
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).strip())
        .findFirst()
        .orElse("-");
  }
}
