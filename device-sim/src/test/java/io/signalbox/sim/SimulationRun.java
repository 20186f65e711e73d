package io.signalbox.sim;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** A simulator that runs in a thread of the test, configured by command line options. */
final class SimulationRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Simulation simulation;
  private final CompletableFuture<Integer> code;

  private SimulationRun(RunPlan plan) {
    simulation = new Simulation(plan, new PrintStream(printed, true, StandardCharsets.UTF_8));
    code = CompletableFuture.supplyAsync(this::run, task -> new Thread(task, "sim").start());
  }

  /** Starts a simulator against {@code url}. */
  static SimulationRun against(String url, String key, String... options) {
    List<String> line = new ArrayList<>(List.of("--hub", url, "--key", key, "--quiet"));
    line.addAll(List.of(options));
    if (!line.contains("--duration")) {
      // Longer than any test; tests end the run themselves.
      line.addAll(List.of("--duration", "300"));
    }
    return new SimulationRun(plan(line.toArray(String[]::new)));
  }

  static SimulationRun against(FakeHub hub, String... options) {
    return against(hub.url(), FakeHub.API_KEY, options);
  }

  static RunPlan plan(String... line) {
    SimOptions options = new SimOptions();
    Main.commandLine(options).parseArgs(line);
    return new RunPlanBuilder(options, Map.of()).plan();
  }

  private int run() {
    try {
      return simulation.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Readings acknowledged so far. */
  long acked() {
    return simulation.counters().acked.sum();
  }

  /** Readings not yet acknowledged. */
  long unacked() {
    return simulation.counters().open.sum();
  }

  /** Commands started so far. */
  long commands() {
    return simulation.counters().commands.sum();
  }

  /** Waits until {@code condition} holds. */
  void until(BooleanSupplier condition) {
    try {
      await()
          .atMost(PATIENCE)
          .failFast("the run is over", code::isDone)
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException | TerminalFailureException tooLong) {
      throw new AssertionError("the run is over or too long; it printed:\n" + printed(), tooLong);
    }
  }

  /** Ends the run early and waits for its exit code. */
  int end() {
    simulation.interrupt();
    return code();
  }

  /** Waits for its exit code. */
  int code() {
    return code.orTimeout(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS).join();
  }

  String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    simulation.interrupt();
  }
}
