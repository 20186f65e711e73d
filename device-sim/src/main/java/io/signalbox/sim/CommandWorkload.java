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

/** The part of a run that gives commands: begins, is told to finish, waits, tells and proves. */
final class CommandWorkload {
  private static final int CONNECTIONS = 48;

  /** How long after its time is over a command may take to end. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final RunPlan plan;
  private final Vertx vertx;
  private final Fleet fleet;
  private final CommandLoadPlan loadPlan;
  private final Retry retry;
  private final IssuedCommands book;
  private final HubApi api;
  private final CommandLoadGenerator commander;
  private final List<String> deployed = new CopyOnWriteArrayList<>();
  private volatile boolean streamless;

  CommandWorkload(RunPlan plan, Vertx vertx, Fleet fleet, Retry retry, CommandLoadPlan loadPlan) {
    this.retry = retry;
    this.plan = plan;
    this.vertx = vertx;
    this.fleet = fleet;
    this.loadPlan = loadPlan;
    this.book =
        new IssuedCommands(
            "sim-" + Long.toString(MonotonicClock.millis(), 36), plan.terms().verify());
    this.api = new HubApi(vertx, plan.hub(), plan.apiKey(), CONNECTIONS);
    this.commander =
        new CommandLoadGenerator(
            api, loadPlan, book, fleet.entries(), fleet.random(-100), MonotonicClock::millis);
  }

  /** Follows what becomes of commands, and gives them. */
  Future<String> begin() {
    return deploy(commander)
        .compose(gives -> retry.call(() -> deploy(stream())).recover(this::goWithout));
  }

  private OperatorStream stream() {
    return new OperatorStream(plan.hub(), plan.apiKey(), "commands", commander::shown);
  }

  /** Where something between takes the upgrade away, what became of commands is looked up. */
  private Future<String> goWithout(Throwable fault) {
    boolean between =
        fault instanceof UpgradeRejectedException refused
            && refused.getStatus() != 401
            && refused.getStatus() != 403;
    streamless = between;
    return between ? Future.succeededFuture("") : Future.failedFuture(fault);
  }

  private Future<String> deploy(VerticleBase verticle) {
    return vertx.deployVerticle(verticle).onSuccess(deployed::add);
  }

  /** Stops following: what is known now is what there is to tell. */
  Future<Void> leave() {
    return Future.join(deployed.stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  /** Gives no more. */
  void finish() {
    commander.finish();
  }

  /** Whether all that was given is over; nobody waits for that unless it is to be proved. */
  boolean isDone() {
    return !plan.terms().verify() || commander.isDone();
  }

  /** How long a command may take until it has ended, whatever happens. */
  Duration patience() {
    return loadPlan.ttl().plus(GRACE);
  }

  void tell(RunReport report) {
    book.summary().forEach(line -> report.line("commands", line));
    String remark = streamless ? "looked up every few seconds: no WebSocket gets through" : "";
    report.latency("asked to ended", book.roundTrips().whole(), remark);
  }

  boolean verified(RunReport report) {
    CommandVerifier proof =
        new CommandVerifier(vertx, api, book, fleet.sentReadings(), plan.terms().timeout());
    return proof
        .run()
        .map(findings -> isProof(findings, report))
        .otherwise(fault -> unreadable(fault, report))
        .await();
  }

  private static boolean isProof(CommandVerification findings, RunReport report) {
    findings.verdict().forEach(report::say);
    return findings.isProof();
  }

  private static boolean unreadable(Throwable fault, RunReport report) {
    report.say("NOT VERIFIED: the commands cannot be read: " + fault.getMessage());
    return false;
  }
}
