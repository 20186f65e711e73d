package io.signalbox.sim.bench;

import io.signalbox.sim.report.LatencyHistogram;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ./signalbox bench polls}: cost and wake-up latency of devices on long poll. */
@Command(
    name = "polls",
    description =
        "Measures devices on long poll: memory per device, CPU while idle, and the latency of a"
            + " command to its device.")
final class PollsBench implements Callable<Integer> {
  private static final int ANSWER_SECONDS = 10;
  private static final int SETTLE_SECONDS = 3;
  private static final int UNANSWERED = 50;

  @ParentCommand private Bench bench = new Bench();

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "15000",
      description = "Number of devices (default: ${DEFAULT-VALUE}; needs ulimit -n).")
  private int held;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "200",
      description = "Commands per second (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      defaultValue = "20",
      description = "Warm-up seconds at full rate (default: ${DEFAULT-VALUE}).")
  private int warmSeconds;

  @Option(
      names = "--idle",
      paramLabel = "S",
      defaultValue = "30",
      description = "Seconds of the idle measurement (default: ${DEFAULT-VALUE}).")
  private int idleSeconds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds per round of commands (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds of commands (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (ServerProcess hub = bench.environment().hub(held);
        LongPollDevices devices = new LongPollDevices(vertx, hub.address(), held)) {
      MemoryUsage before = MemoryUsage.of(hub);
      devices.poll().await();
      BenchEnvironment.pass(SETTLE_SECONDS);
      MemoryUsage polling = MemoryUsage.of(hub);
      System.out.printf(
          "%d devices on long poll: %d heap bytes each, with connection and device state;"
              + " %d bytes resident%n",
          held,
          (polling.heap() - before.heap()) / held,
          (polling.resident() - before.resident()) / held);
      idle(hub, devices);
      wake(vertx, hub, devices);
    } finally {
      vertx.close().await();
    }
    return 0;
  }

  private void idle(ServerProcess hub, LongPollDevices devices)
      throws IOException, InterruptedException {
    double cpu = hub.cpuSeconds();
    BenchEnvironment.pass(idleSeconds);
    System.out.printf(
        Locale.ROOT,
        "%nidle: %.2f %% of a core (%d polls renewed in %d s)%n",
        100 * (hub.cpuSeconds() - cpu) / idleSeconds,
        devices.emptyPolls(),
        idleSeconds);
  }

  private void wake(Vertx vertx, ServerProcess hub, LongPollDevices devices)
      throws IOException, InterruptedException {
    System.out.printf(
        "%n| %d commands/s | client to device | round trip | hub, CPU us/command |%n"
            + "| --- | --- | --- | --- |%n",
        rate);
    try (CommandClient flood = new CommandClient(vertx, hub.address(), held, ANSWER_SECONDS)) {
      flood.flood(UNANSWERED);
      BenchEnvironment.pass(warmSeconds);
    }
    BenchEnvironment.pass(SETTLE_SECONDS);
    try (CommandClient requests =
        new CommandClient(vertx, hub.address(), held, ANSWER_SECONDS)
            .whenCreating(devices::creating)) {
      requests.pace(rate);
      BenchEnvironment.pass(SETTLE_SECONDS);
      requests.roundTrips();
      for (int round = 1; round <= rounds; round++) {
        devices.wakes();
        double cpu = hub.cpuSeconds();
        BenchEnvironment.pass(seconds);
        double used = hub.cpuSeconds() - cpu;
        Histogram wakes = devices.wakes();
        System.out.printf(
            Locale.ROOT,
            "| round %d | %s | %s | %.0f |%n",
            round,
            LatencyHistogram.percentiles(wakes),
            LatencyHistogram.percentiles(requests.roundTrips()),
            1e6 * used / wakes.getTotalCount());
      }
      if (devices.wrong() > 0 || !requests.problem().isEmpty()) {
        System.out.printf(
            "%nERROR: %d incorrect responses %s %s%n",
            devices.wrong(), devices.problem(), requests.problem());
      }
    }
  }
}
