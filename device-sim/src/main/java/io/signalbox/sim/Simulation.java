package io.signalbox.sim;

import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.HubRefused;
import io.signalbox.sim.api.Registrar;
import io.signalbox.sim.api.Retry;
import io.signalbox.sim.report.Findings;
import io.signalbox.sim.report.Latency;
import io.signalbox.sim.report.OperatorStream;
import io.signalbox.sim.report.Progress;
import io.signalbox.sim.report.Report;
import io.signalbox.sim.report.Tally;
import io.signalbox.sim.report.Terminal;
import io.signalbox.sim.report.Verification;
import io.signalbox.sim.report.Watch;
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

  private final Plan plan;
  private final Report report;
  private final Vertx vertx;
  private final HubApi api;
  private final Retry retry;
  private final Latency streamLatency = new Latency();
  private final Optional<Watch> watch;
  private final Fleet fleet;
  private final List<DeviceLoop> loops;
  private final Optional<Dispatch> dispatch;
  private final Optional<Progress> progress;
  private final CountDownLatch interrupted = new CountDownLatch(1);

  Simulation(Plan plan, PrintStream out) {
    int loopCount = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    this.plan = plan;
    this.report = new Report(out);
    this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loopCount));
    this.api = new HubApi(vertx, plan.hub(), plan.apiKey());
    this.retry = new Retry(vertx, shorter(START_PATIENCE, plan.terms().patience()));
    this.watch = plan.terms().watch() ? Optional.of(new Watch(streamLatency)) : Optional.empty();
    this.fleet = new Fleet(plan, loopCount, watch);
    this.loops = IntStream.range(0, loopCount).mapToObj(n -> new DeviceLoop(fleet, n)).toList();
    this.dispatch = plan.orders().map(brief -> new Dispatch(plan, vertx, fleet, retry, brief));
    this.progress = plan.terms().quiet() ? Optional.empty() : Optional.of(progress(out));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Progress progress(PrintStream out) {
    boolean terminal = Terminal.isOutput();
    return new Progress(out, terminal, fleet.size(), fleet.tally(), fleet.ackLatency());
  }

  /** Ends the run early, as if its duration were over; for any thread. */
  void interrupt() {
    interrupted.countDown();
  }

  /** How the run is going. */
  Tally tally() {
    return fleet.tally();
  }

  /** Runs to the end; the exit code. Throws {@link HubRefused} if the hub cannot be used. */
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
    Registrar registrar = new Registrar(api, fleet.keys(), retry);
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
    return Future.failedFuture(new HubRefused(0, why));
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
    return Future.failedFuture(new HubRefused(0, why));
  }

  private OperatorStream operator(Watch w) {
    return new OperatorStream(plan.hub(), plan.apiKey(), "telemetry", w::shown);
  }

  private boolean isPlayed() {
    return interrupted.getCount() == 0 || loops.stream().allMatch(DeviceLoop::isDone);
  }

  private void settle() throws InterruptedException {
    dispatch.ifPresent(Dispatch::finish);
    await(Future.all(loops.stream().map(DeviceLoop::finish).toList()));
    watchUntil(
        () -> loops.stream().allMatch(DeviceLoop::isDone), plan.terms().patience().toNanos());
    if (dispatch.isPresent()) {
      Dispatch given = dispatch.get();
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
    report.counts(fleet.tally(), seconds);
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
    Verification verification = new Verification(vertx, api, plan.terms().patience());
    return verification.run(fleet.ledgers()).map(this::isProof).otherwise(this::unreadable).await();
  }

  private boolean isProof(Findings findings) {
    report.verdict(findings);
    return findings.isProof();
  }

  private boolean unreadable(Throwable fault) {
    report.say("NOT VERIFIED: the history cannot be read: " + fault.getMessage());
    return false;
  }

  /** A device that had to stop, or a recording that is not there whole, is not what was asked. */
  private boolean allWell() {
    Tally tally = fleet.tally();
    boolean whole =
        switch (plan.script()) {
          case Script.Live live -> tally.acked.sum() > 0;
          case Script.Replay replay -> tally.acked.sum() == replay.recording().readings();
        };
    return whole && tally.stopped.sum() == 0;
  }

  private <T> T await(Future<T> future) {
    try {
      return future.await(STEP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new HubRefused(0, "the hub at " + plan.hub() + " does not answer");
    }
  }
}
