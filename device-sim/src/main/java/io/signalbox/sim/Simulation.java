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
 * A run from its beginning to its exit code: register, connect, let live, wait for what is
 * unacknowledged, leave, report, verify. The calling thread only starts, waits and tells.
 */
final class Simulation {
  private static final int ALL_WELL = 0;
  private static final int NOT_ALL_WELL = 1;
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
  private final Optional<CommandWorkload> dispatch;
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
    this.dispatch =
        plan.orders().map(loadPlan -> new CommandWorkload(plan, vertx, fleet, retry, loadPlan));
    this.progress = plan.terms().quiet() ? Optional.empty() : Optional.of(progress(out));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Progress progress(PrintStream out) {
    boolean terminal = Terminal.isOutput();
    return new Progress(out, terminal, fleet.size(), fleet.counters(), fleet.ackLatency());
  }

  /** Ends the run early, as if its duration were over; for any thread. */
  void interrupt() {
    interrupted.countDown();
  }

  /** How the run is going. */
  RunCounters counters() {
    return fleet.counters();
  }

  /** Runs to the end; the exit code. Throws {@link HubApiException} if the hub cannot be used. */
  int run() throws InterruptedException {
    try {
      plan.script().remark().ifPresent(report::say);
      register();
      long started = System.nanoTime();
      live();
      settle();
      await(Future.all(loops.stream().map(DeviceLoop::leave).toList()));
      tell((System.nanoTime() - started) / 1e9);
      boolean proved = !plan.terms().verify() || proved();
      return proved && allWell() ? ALL_WELL : NOT_ALL_WELL;
    } finally {
      await(vertx.close());
    }
  }

  private void register() {
    FleetRegistrar registrar = new FleetRegistrar(api, fleet.keys(), retry);
    int known = await(registrar.register(fleet.entries()).recover(this::unreachable));
    report.say(
        "registered "
            + fleet.size()
            + " devices with "
            + plan.hub()
            + (known == 0 ? "" : " (" + known + " were there and got a new key)"));
  }

  private <T> Future<T> unreachable(Throwable fault) {
    if (!(fault instanceof IOException)) {
      return Future.failedFuture(fault);
    }
    String why =
        Retry.isAbsent(fault)
            ? "no hub answers at " + plan.hub() + " (start one with ./signalbox hub)"
            : "the hub at " + plan.hub() + " does not answer: " + fault.getMessage();
    return Future.failedFuture(new HubApiException(0, why));
  }

  private void live() throws InterruptedException {
    watch.ifPresent(
        w -> await(retry.call(() -> vertx.deployVerticle(operator(w))).recover(this::noStream)));
    loops.forEach(loop -> await(vertx.deployVerticle(loop)));
    dispatch.ifPresent(d -> await(d.begin().recover(this::noStream)));
    watchUntil(this::isPlayed, plan.terms().duration().toNanos());
  }

  private Future<String> noStream(Throwable fault) {
    String why = "the operator's stream at " + plan.hub() + " did not open: " + fault.getMessage();
    return Future.failedFuture(new HubApiException(0, why));
  }

  private OperatorStream operator(LiveLatency w) {
    return new OperatorStream(plan.hub(), plan.apiKey(), "telemetry", w::shown);
  }

  private boolean isPlayed() {
    return interrupted.getCount() == 0 || loops.stream().allMatch(DeviceLoop::isDone);
  }

  private void settle() throws InterruptedException {
    dispatch.ifPresent(CommandWorkload::finish);
    await(Future.all(loops.stream().map(DeviceLoop::finish).toList()));
    watchUntil(() -> loops.stream().allMatch(DeviceLoop::isDone), plan.terms().timeout().toNanos());
    if (dispatch.isPresent()) {
      CommandWorkload given = dispatch.get();
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

  private void tell(double seconds) {
    progress.ifPresent(Progress::end);
    report.counts(fleet.counters(), seconds);
    report.latency("send to ack", fleet.ackLatency().whole());
    report.latency("send to stream", streamLatency.whole());
    new TrafficReport(report).tell(fleet.traffic(), fleet.commandLatency());
    dispatch.ifPresent(d -> d.tell(report));
  }

  private boolean proved() {
    boolean readings = verified();
    boolean commands = dispatch.map(d -> d.verified(report)).orElse(true);
    return readings && commands;
  }

  private boolean verified() {
    Verification verification = new Verification(vertx, api, plan.terms().timeout());
    return verification
        .run(fleet.sentReadings())
        .map(this::isProof)
        .otherwise(this::unreadable)
        .await();
  }

  private boolean isProof(VerificationResult findings) {
    report.verdict(findings);
    return findings.isProof();
  }

  private boolean unreadable(Throwable fault) {
    report.say("NOT VERIFIED: the history cannot be read: " + fault.getMessage());
    return false;
  }

  /** A device that had to stop, or a recording that is not there whole, is not what was asked. */
  private boolean allWell() {
    RunCounters counters = fleet.counters();
    boolean whole =
        switch (plan.script()) {
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
