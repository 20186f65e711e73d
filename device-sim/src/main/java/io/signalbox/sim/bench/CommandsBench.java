package io.signalbox.sim.bench;

import io.signalbox.sim.report.Latency;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ./signalbox bench commands}: what a command's round trip and a held request cost. */
@Command(
    name = "commands",
    mixinStandardHelpOptions = true,
    description =
        "Measures round trips of commands (program, hub, device and back) and requests that are held"
            + " until a command changes.")
final class CommandsBench implements Callable<Integer> {
  private static final int WAIT_SECONDS = 10;
  private static final int UNANSWERED = 50;

  /** Below the window of a session, so that every command of a device can be with it at a time. */
  private static final int COMMANDS_OF_A_DEVICE = 10;

  private static final long MOST_SECONDS = 55;

  @ParentCommand private Bench bench = new Bench();

  @Option(
      names = "--rate",
      defaultValue = "200",
      description = "Commands a second (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--devices",
      defaultValue = "200",
      description = "Devices that answer (${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds of commands (${DEFAULT-VALUE}); 0 for none.")
  private int rounds;

  @Option(
      names = "--warm",
      defaultValue = "10",
      description = "Seconds of commands as fast as it goes, before (${DEFAULT-VALUE}).")
  private int warmSeconds;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Seconds of each measurement (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--held",
      defaultValue = "15000",
      description = "Requests held at a time (${DEFAULT-VALUE}; mind ulimit -n); 0 for none.")
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
        "| commands | a second | round trip | hub, us of CPU a command |%n"
            + "| --- | --- | --- | --- |%n");
    Vertx vertx = Vertx.vertx();
    try (Measured hub = bench.venue().hub(devices);
        Crew crew = new Crew(vertx, true)) {
      crew.connect(hub.address(), devices).await();
      try (Requests flood = new Requests(vertx, hub.address(), devices, WAIT_SECONDS)) {
        flood.flood(UNANSWERED);
        Venue.pass(warmSeconds);
        measure("as fast as it goes, " + UNANSWERED + " unanswered", hub, flood);
      }
      try (Requests paced = new Requests(vertx, hub.address(), devices, WAIT_SECONDS)) {
        paced.pace(rate);
        Venue.pass(2);
        for (int round = 1; round <= rounds; round++) {
          measure("paced, round " + round, hub, paced);
        }
      }
    } finally {
      vertx.close().await();
    }
  }

  private void measure(String name, Measured hub, Requests requests)
      throws IOException, InterruptedException {
    requests.roundTrips();
    double cpu = hub.cpuSeconds();
    Venue.pass(seconds);
    double used = hub.cpuSeconds() - cpu;
    Histogram trips = requests.roundTrips();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %s | %.0f |%s%n",
        name,
        (double) trips.getTotalCount() / seconds,
        Latency.percentiles(trips),
        1e6 * used / trips.getTotalCount(),
        requests.trouble().isEmpty() ? "" : " TROUBLE: " + requests.trouble());
  }

  private void heldRequests() throws Exception {
    int answering = Math.ceilDiv(held, COMMANDS_OF_A_DEVICE);
    Vertx vertx = Vertx.vertx();
    try (Measured hub = bench.venue().hub(answering);
        Crew crew = new Crew(vertx, false);
        Requests requests = new Requests(vertx, hub.address(), answering, 0);
        HeldPolls polls = new HeldPolls(vertx, hub.address())) {
      crew.connect(hub.address(), answering).await();
      requests.flood(UNANSWERED, held).await();
      List<String> commands = crew.heldBack(held, MOST_SECONDS);
      System.out.printf(
          "%n| %d held requests | resident bytes each | bytes of heap each |%n"
              + "| --- | --- | --- |%n",
          held);
      Memory before = Memory.of(hub);
      polls.connect(held).await();
      Memory connected = Memory.of(hub);
      polls.ask(commands).await();
      Venue.pass(2);
      Memory asked = Memory.of(hub);
      row("a connection, before it asks", before, connected);
      row("a request that is held on it", connected, asked);
      row("both together", before, asked);
      settle(hub, crew, polls);
    } finally {
      vertx.close().await();
    }
  }

  private void settle(Measured hub, Crew crew, HeldPolls polls)
      throws IOException, InterruptedException {
    long early = polls.wrong();
    double cpu = hub.cpuSeconds();
    polls.settling();
    crew.settle();
    Histogram answers = polls.answers(held, MOST_SECONDS);
    System.out.printf(
        Locale.ROOT,
        "%n%d commands settle: %d requests answered (%d too soon, %d wrong), half of them after %s,"
            + " the last after %s; hub, us of CPU a command and its answer: %.0f%s%n",
        held,
        answers.getTotalCount(),
        early,
        polls.wrong() - early,
        Latency.brief(answers.getValueAtPercentile(50)),
        Latency.brief(answers.getMaxValue()),
        1e6 * (hub.cpuSeconds() - cpu) / held,
        polls.trouble().isEmpty() ? "" : "; TROUBLE: " + polls.trouble());
  }

  private void row(String name, Memory before, Memory after) {
    System.out.printf(
        "| %s | %d | %d |%n",
        name, (after.resident() - before.resident()) / held, (after.heap() - before.heap()) / held);
  }
}
