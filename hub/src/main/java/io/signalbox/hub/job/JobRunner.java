package io.signalbox.hub.job;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Precondition;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runner of one job. After every change it reads the job from the store and does what {@link
 * JobDecision} says; evaluations run one after the other, and changes in between cause one more.
 * Its only state is the set of devices in flight, so a new runner can continue after a restart: a
 * device with a command is not waiting any more.
 *
 * <p>Threading: the engine's context.
 */
final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /** Delay before a retry. */
  static final long RETRY_MS = 1_000;

  /** Pause between two evaluations, so that a burst of changes is evaluated once. */
  private static final long PAUSE_MS = 10;

  private static final int SKIP_BATCH = 2_000;

  private final String id;
  private final Context context;
  private final JobStore store;
  private final HubClock clock;
  private final JobCommands commands;
  private final ProgressNotifier notifier;
  private final Promise<Void> done = Promise.promise();
  private Future<?> present = Future.succeededFuture();
  private boolean evaluating;
  private boolean pending;
  private boolean stopped;
  private boolean failing;

  JobRunner(
      String id,
      Context context,
      JobStore store,
      HubClock clock,
      JobCommands commands,
      ProgressNotifier notifier) {
    this.id = id;
    this.context = context;
    this.store = store;
    this.clock = clock;
    this.commands = commands;
    this.notifier = notifier;
  }

  /** Succeeds when the job has ended or was deleted. */
  Future<Void> done() {
    return done.future();
  }

  /** Schedules an evaluation after a change. */
  void wake() {
    pending = true;
    if (!evaluating && !stopped) {
      evaluate();
    }
  }

  /** Starts no more work; succeeds when work in progress is finished. */
  Future<Void> stop() {
    stopped = true;
    return Future.join(present, commands.stop()).mapEmpty();
  }

  private void evaluate() {
    evaluating = true;
    pending = false;
    // Read before the job: a device released in between may not be counted in the job yet.
    Set<String> inFlight = commands.inFlight();
    present =
        Contexts.resumeOn(context, store.get(id))
            .compose(found -> decided(found, inFlight))
            .onComplete(this::pause);
  }

  private Future<Void> decided(Optional<Job> found, Set<String> inFlight) {
    if (found.isEmpty()) {
      return finish();
    }
    Job job = found.get();
    notifier.note(job);
    int most = commands.maxInFlight();
    return switch (JobDecision.of(job, inFlight.size(), most)) {
      case JobDecision.Send send -> send(job, send.most(), inFlight);
      case JobDecision.GiveUp much -> thenAgain(abort(much.reason()));
      case JobDecision.Skip skip -> thenAgain(store.skip(id, SKIP_BATCH));
      case JobDecision.Revoke revoke -> thenAgain(revoke(revoke.reason(), most));
      case JobDecision.End end -> thenAgain(store.end(id, clock.wallMillis()));
      case JobDecision.Await await -> Future.succeededFuture();
      case JobDecision.Over over -> finish();
    };
  }

  /** Devices in flight may still be stored as waiting. */
  private Future<Void> send(Job job, int most, Set<String> inFlight) {
    return executionsIn(ExecutionState.WAITING, most + inFlight.size())
        .map(
            executions -> {
              executions.stream()
                  .map(JobExecution::device)
                  .filter(device -> !inFlight.contains(device))
                  .limit(most)
                  .forEach(device -> commands.create(job, device, this::wake));
              return null;
            });
  }

  private Future<Job> abort(String reason) {
    return store.halt(id, Job.State.ABORTED, reason, Precondition.NONE);
  }

  private Future<?> revoke(String reason, int most) {
    return executionsIn(ExecutionState.QUEUED, most)
        .compose(queued -> commands.revoke(queued, reason));
  }

  private Future<List<JobExecution>> executionsIn(ExecutionState standing, int most) {
    return Contexts.resumeOn(context, store.executions(id, Set.of(standing), null, most))
        .map(page -> page.items());
  }

  private Future<Void> thenAgain(Future<?> task) {
    return Contexts.resumeOn(context, task).onSuccess(done -> pending = true).mapEmpty();
  }

  private Future<Void> finish() {
    stopped = true;
    done.tryComplete();
    return Future.succeededFuture();
  }

  private void pause(AsyncResult<?> evaluated) {
    if (evaluated.failed()) {
      pending = true;
      logOnce(evaluated.cause());
    }
    failing = evaluated.failed();
    context.owner().setTimer(evaluated.succeeded() ? PAUSE_MS : RETRY_MS, elapsed -> resume());
  }

  private void logOnce(Throwable cause) {
    if (!failing) {
      LOG.warn("Job {} interrupted, will be retried: {}", id, cause.getMessage());
    }
  }

  private void resume() {
    evaluating = false;
    if (pending && !stopped) {
      evaluate();
    }
  }
}
