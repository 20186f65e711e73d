package io.signalbox.sim;

import io.signalbox.sim.api.FleetRegistrar;
import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.HubApiException;
import io.signalbox.sim.api.Retry;
import io.signalbox.sim.report.LatencyHistogram;
import io.signalbox.sim.report.LiveLatency;
import io.signalbox.sim.report.OperatorStream;
import io.signalbox.sim.report.Progress;
import io.signalbox.sim.report.RunCounters;
import io.signalbox.sim.report.RunReport;
import io.signalbox.sim.report.Terminal;
import io.signalbox.sim.report.Verification;
import io.signalbox.sim.report.VerificationResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Performs a run: registers and connects devices, runs the scenario, waits for acknowledgements,
 * disconnects, reports and verifies. The calling thread only coordinates.
 */
final class Simulation {
  private static final int SUCCESS = 0;
  private static final int FAILURE = 1;
  private static final int MOST_LOOPS = 4;
  private static final long LOOK_MILLIS = 50;
  private static final long STEP_SECONDS = 60;
  private static final Duration START_PATIENCE = Duration.ofSeconds(10);

  private final RunPlan plan;
  private final RunReport report;
  private final Vertx vertx;
  private final HubApi api;
  private final Retry retry;
  private final LatencyHistogram streamLatency = new LatencyHistogram();
  private final Optional<LiveLatency> watch;
  private final Fleet fleet;
  private final List<DeviceLoop> loops;
  private final Optional<CommandWorkload> workload;
  private final Optional<Progress> progress;
  private final CountDownLatch interrupted = new CountDownLatch(1);

  Simulation(RunPlan plan, PrintStream out) {
    int loopCount = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    this.plan = plan;
    this.report = new RunReport(out);
    this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loopCount));
    this.api = new HubApi(vertx, plan.hub(), plan.apiKey());
    this.retry = new Retry(vertx, shorter(START_PATIENCE, plan.terms().timeout()));
    this.watch =
        plan.terms().watch() ? Optional.of(new LiveLatency(streamLatency)) : Optional.empty();
    this.fleet = new Fleet(plan, loopCount, watch);
    this.loops = IntStream.range(0, loopCount).mapToObj(n -> new DeviceLoop(fleet, n)).toList();
    this.workload =
        plan.commandLoad()
            .map(loadPlan -> new CommandWorkload(plan, vertx, fleet, retry, loadPlan));
    this.progress = plan.terms().quiet() ? Optional.empty() : Optional.of(progress(out));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Progress progress(PrintStream out) {
    boolean terminal = Terminal.isOutput();
    return new Progress(out, terminal, fleet.size(), fleet.counters(), fleet.ackLatency());
  }

  /** Ends the run early, as if its duration were over; may be called by any thread. */
  void interrupt() {
    interrupted.countDown();
  }

  /** The counters of the run. */
  RunCounters counters() {
    return fleet.counters();
  }

  /** Performs the run; the exit code. Throws {@link HubApiException} if the hub is unusable. */
  int run() throws InterruptedException {
    try {
      plan.scenario().remark().ifPresent(report::print);
      register();
      long started = System.nanoTime();
      live();
      settle();
      await(Future.all(loops.stream().map(DeviceLoop::leave).toList()));
      printReport((System.nanoTime() - started) / 1e9);
      boolean isVerifiedRun = !plan.terms().verify() || isVerifiedRun();
      return isVerifiedRun && isComplete() ? SUCCESS : FAILURE;
    } finally {
      await(vertx.close());
    }
  }

  private void register() {
    FleetRegistrar registrar = new FleetRegistrar(api, fleet.keys(), retry);
    int known = await(registrar.register(fleet.entries()).recover(this::unreachable));
    report.print(
        "registered "
            + fleet.size()
            + " devices at "
            + plan.hub()
            + (known == 0 ? "" : " (" + known + " existed and got a new key)"));
  }

  private <T> Future<T> unreachable(Throwable fault) {
    if (!(fault instanceof IOException)) {
      return Future.failedFuture(fault);
    }
    String why =
        Retry.isAbsent(fault)
            ? "no hub at " + plan.hub() + "; start one with ./signalbox hub"
            : "the hub at " + plan.hub() + " does not answer: " + fault.getMessage();
    return Future.failedFuture(new HubApiException(0, why));
  }

  private void live() throws InterruptedException {
    watch.ifPresent(
        w ->
            await(retry.call(() -> vertx.deployVerticle(operator(w))).recover(this::streamFailed)));
    loops.forEach(loop -> await(vertx.deployVerticle(loop)));
    workload.ifPresent(d -> await(d.begin().recover(this::streamFailed)));
    watchUntil(this::isPlayed, plan.terms().duration().toNanos());
  }

  private Future<String> streamFailed(Throwable fault) {
    String why = "cannot open the live stream at " + plan.hub() + ": " + fault.getMessage();
    return Future.failedFuture(new HubApiException(0, why));
  }

  private OperatorStream operator(LiveLatency w) {
    return new OperatorStream(plan.hub(), plan.apiKey(), "telemetry", w::shown);
  }

  private boolean isPlayed() {
    return interrupted.getCount() == 0 || loops.stream().allMatch(DeviceLoop::isDone);
  }

  private void settle() throws InterruptedException {
    workload.ifPresent(CommandWorkload::finish);
    await(Future.all(loops.stream().map(DeviceLoop::finish).toList()));
    watchUntil(() -> loops.stream().allMatch(DeviceLoop::isDone), plan.terms().timeout().toNanos());
    if (workload.isPresent()) {
      CommandWorkload given = workload.get();
      watchUntil(given::isDone, given.patience().toNanos());
      await(given.leave());
    }
  }

  private void watchUntil(BooleanSupplier done, long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (!done.getAsBoolean() && System.nanoTime() - deadline < 0) {
      progress.ifPresent(Progress::tick);
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private void printReport(double seconds) {
    progress.ifPresent(Progress::end);
    report.counts(fleet.counters(), seconds);
    report.latency("send to ack", fleet.ackLatency().whole());
    report.latency("send to stream", streamLatency.whole());
    new TrafficReport(report).printReport(fleet.traffic(), fleet.commandLatency());
    workload.ifPresent(d -> d.printReport(report));
  }

  private boolean isVerifiedRun() {
    boolean readings = verified();
    boolean commands = workload.map(d -> d.verified(report)).orElse(true);
    return readings && commands;
  }

  private boolean verified() {
    Verification verification = new Verification(vertx, api, plan.terms().timeout());
    return verification
        .run(fleet.sentReadings())
        .map(this::isVerified)
        .otherwise(this::notReadable)
        .await();
  }

  private boolean isVerified(VerificationResult findings) {
    report.verdict(findings);
    return findings.isVerified();
  }

  private boolean notReadable(Throwable fault) {
    report.print("NOT VERIFIED: history not readable: " + fault.getMessage());
    return false;
  }

  /** Whether all devices kept running and, for a replay, all readings were acknowledged. */
  private boolean isComplete() {
    RunCounters counters = fleet.counters();
    boolean whole =
        switch (plan.scenario()) {
          case Scenario.Live live -> counters.acked.sum() > 0;
          case Scenario.Replay replay -> counters.acked.sum() == replay.recording().readings();
        };
    return whole && counters.stopped.sum() == 0;
  }

  private <T> T await(Future<T> future) {
    try {
      return future.await(STEP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new HubApiException(0, "the hub at " + plan.hub() + " does not answer");
    }
  }
}
