package io.signalbox.sim.bench;

import io.signalbox.sim.report.LatencyHistogram;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ./signalbox bench commands}: cost of command round trips and held requests. */
@Command(
    name = "commands",
    description =
        "Measures command round trips (client, hub, device and back) and requests held until a"
            + " command changes.")
final class CommandsBench implements Callable<Integer> {
  private static final int WAIT_SECONDS = 10;
  private static final int UNANSWERED = 50;

  /** Below the delivery window, so that all commands of a device can be in flight at a time. */
  private static final int COMMANDS_OF_A_DEVICE = 10;

  private static final long MOST_SECONDS = 55;

  @ParentCommand private Bench bench = new Bench();

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "200",
      description = "Commands per second (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "200",
      description = "Number of devices (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measurement rounds, 0 for none (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      defaultValue = "10",
      description = "Warm-up seconds at full rate (default: ${DEFAULT-VALUE}).")
  private int warmSeconds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds per measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--held-requests",
      paramLabel = "N",
      defaultValue = "15000",
      description = "Held requests, 0 for none (default: ${DEFAULT-VALUE}; needs ulimit -n).")
  private int held;

  @Override
  public Integer call() throws Exception {
    if (rounds > 0) {
      roundTrips();
    }
    if (held > 0) {
      heldRequests();
    }
    return 0;
  }

  private void roundTrips() throws Exception {
    System.out.printf(
        "| commands | per second | round trip | hub, CPU us/command |%n"
            + "| --- | --- | --- | --- |%n");
    Vertx vertx = Vertx.vertx();
    try (ServerProcess hub = bench.environment().hub(devices);
        CommandResponders responders = new CommandResponders(vertx, true)) {
      responders.connect(hub.address(), devices).await();
      try (CommandClient flood = new CommandClient(vertx, hub.address(), devices, WAIT_SECONDS)) {
        flood.flood(UNANSWERED);
        BenchEnvironment.pass(warmSeconds);
        measure("full rate, " + UNANSWERED + " unanswered", hub, flood);
      }
      try (CommandClient paced = new CommandClient(vertx, hub.address(), devices, WAIT_SECONDS)) {
        paced.pace(rate);
        BenchEnvironment.pass(2);
        for (int round = 1; round <= rounds; round++) {
          measure("constant rate, round " + round, hub, paced);
        }
      }
    } finally {
      vertx.close().await();
    }
  }

  private void measure(String name, ServerProcess hub, CommandClient requests)
      throws IOException, InterruptedException {
    requests.roundTrips();
    double cpu = hub.cpuSeconds();
    BenchEnvironment.pass(seconds);
    double used = hub.cpuSeconds() - cpu;
    Histogram trips = requests.roundTrips();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %s | %.0f |%s%n",
        name,
        (double) trips.getTotalCount() / seconds,
        LatencyHistogram.percentiles(trips),
        1e6 * used / trips.getTotalCount(),
        requests.problem().isEmpty() ? "" : " ERROR: " + requests.problem());
  }

  private void heldRequests() throws Exception {
    int answering = Math.ceilDiv(held, COMMANDS_OF_A_DEVICE);
    Vertx vertx = Vertx.vertx();
    try (ServerProcess hub = bench.environment().hub(answering);
        CommandResponders responders = new CommandResponders(vertx, false);
        CommandClient requests = new CommandClient(vertx, hub.address(), answering, 0);
        LongPollClients polls = new LongPollClients(vertx, hub.address())) {
      responders.connect(hub.address(), answering).await();
      requests.flood(UNANSWERED, held).await();
      List<String> commands = responders.heldBack(held, MOST_SECONDS);
      System.out.printf(
          "%n| %d held requests | resident bytes each | heap bytes each |%n"
              + "| --- | --- | --- |%n",
          held);
      MemoryUsage before = MemoryUsage.of(hub);
      polls.connect(held).await();
      MemoryUsage connected = MemoryUsage.of(hub);
      polls.ask(commands).await();
      BenchEnvironment.pass(2);
      MemoryUsage asked = MemoryUsage.of(hub);
      row("idle connection", before, connected);
      row("held request", connected, asked);
      row("total", before, asked);
      settle(hub, responders, polls);
    } finally {
      vertx.close().await();
    }
  }

  private void settle(ServerProcess hub, CommandResponders responders, LongPollClients polls)
      throws IOException, InterruptedException {
    long early = polls.wrong();
    double cpu = hub.cpuSeconds();
    polls.settling();
    responders.settle();
    Histogram answers = polls.answers(held, MOST_SECONDS);
    System.out.printf(
        Locale.ROOT,
        "%n%d commands end: %d requests answered (%d early, %d incorrect), median latency %s,"
            + " maximum %s; hub CPU us per command and response: %.0f%s%n",
        held,
        answers.getTotalCount(),
        early,
        polls.wrong() - early,
        LatencyHistogram.brief(answers.getValueAtPercentile(50)),
        LatencyHistogram.brief(answers.getMaxValue()),
        1e6 * (hub.cpuSeconds() - cpu) / held,
        polls.problem().isEmpty() ? "" : "; ERROR: " + polls.problem());
  }

  private void row(String name, MemoryUsage before, MemoryUsage after) {
    System.out.printf(
        "| %s | %d | %d |%n",
        name, (after.resident() - before.resident()) / held, (after.heap() - before.heap()) / held);
  }
}
