package io.signalbox.sim;

import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.Retry;
import io.signalbox.sim.command.CommandLoadGenerator;
import io.signalbox.sim.command.CommandLoadPlan;
import io.signalbox.sim.command.CommandVerification;
import io.signalbox.sim.command.CommandVerifier;
import io.signalbox.sim.command.IssuedCommands;
import io.signalbox.sim.report.OperatorStream;
import io.signalbox.sim.report.RunReport;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Command load of a run: starts it, stops it, waits for the end, reports and verifies. */
final class CommandWorkload {
  private static final int CONNECTIONS = 48;

  /** Time a command may take to end after its expiry. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final RunPlan plan;
  private final Vertx vertx;
  private final Fleet fleet;
  private final CommandLoadPlan loadPlan;
  private final Retry retry;
  private final IssuedCommands issuedCommands;
  private final HubApi api;
  private final CommandLoadGenerator loadGenerator;
  private final List<String> deployed = new CopyOnWriteArrayList<>();
  private volatile boolean isStreamBlocked;

  CommandWorkload(RunPlan plan, Vertx vertx, Fleet fleet, Retry retry, CommandLoadPlan loadPlan) {
    this.retry = retry;
    this.plan = plan;
    this.vertx = vertx;
    this.fleet = fleet;
    this.loadPlan = loadPlan;
    this.issuedCommands =
        new IssuedCommands(
            "sim-" + Long.toString(MonotonicClock.millis(), 36), plan.terms().verify());
    this.api = new HubApi(vertx, plan.hub(), plan.apiKey(), CONNECTIONS);
    this.loadGenerator =
        new CommandLoadGenerator(
            api,
            loadPlan,
            issuedCommands,
            fleet.entries(),
            fleet.random(-100),
            MonotonicClock::millis);
  }

  /** Starts the load and the stream that follows command states. */
  Future<String> begin() {
    return deploy(loadGenerator)
        .compose(gives -> retry.call(() -> deploy(stream())).recover(this::useLookups));
  }

  private OperatorStream stream() {
    return new OperatorStream(plan.hub(), plan.apiKey(), "commands", loadGenerator::shown);
  }

  /** If an intermediary blocks the WebSocket upgrade, command states are looked up instead. */
  private Future<String> useLookups(Throwable fault) {
    boolean between =
        fault instanceof UpgradeRejectedException refused
            && refused.getStatus() != 401
            && refused.getStatus() != 403;
    isStreamBlocked = between;
    return between ? Future.succeededFuture("") : Future.failedFuture(fault);
  }

  private Future<String> deploy(VerticleBase verticle) {
    return vertx.deployVerticle(verticle).onSuccess(deployed::add);
  }

  /** Stops following command states. */
  Future<Void> leave() {
    return Future.join(deployed.stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  /** Stops creating commands. */
  void finish() {
    loadGenerator.finish();
  }

  /** Whether all commands have ended; always true without verification. */
  boolean isDone() {
    return !plan.terms().verify() || loadGenerator.isDone();
  }

  /** Maximum time until a command has ended. */
  Duration patience() {
    return loadPlan.ttl().plus(GRACE);
  }

  void printReport(RunReport report) {
    issuedCommands.summary().forEach(line -> report.line("commands", line));
    String remark = isStreamBlocked ? "state looked up every few seconds: WebSocket blocked" : "";
    report.latency("create to end", issuedCommands.roundTrips().whole(), remark);
  }

  boolean verified(RunReport report) {
    CommandVerifier proof =
        new CommandVerifier(
            vertx, api, issuedCommands, fleet.sentReadings(), plan.terms().timeout());
    return proof
        .run()
        .map(findings -> isVerified(findings, report))
        .otherwise(fault -> notReadable(fault, report))
        .await();
  }

  private static boolean isVerified(CommandVerification findings, RunReport report) {
    findings.verdict().forEach(report::print);
    return findings.isVerified();
  }

  private static boolean notReadable(Throwable fault, RunReport report) {
    report.print("NOT VERIFIED: commands not readable: " + fault.getMessage());
    return false;
  }
}
