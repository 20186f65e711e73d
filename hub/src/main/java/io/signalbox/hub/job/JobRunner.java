package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees one job through. Whenever something has changed it looks at the job as it is kept, and does
 * what {@link JobDecision} says; one look follows the other, and what happens meanwhile asks for
 * one more. It knows nothing that is not kept but whom its crew has in hand, so another foreman can
 * go on after a restart where this one stood: who has a command does not wait any more.
 *
 * <p>Threading: the room's context.
 */
final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /** Between two looks, so that a rush of changes is looked at together. */
  private static final long PAUSE_MS = 10;

  private static final int SKIPPED_AT_A_TIME = 2_000;

  private final String id;
  private final JobContext jobContext;
  private final ProgressNotifier notifier;
  private final CommandSubmitter submitter;
  private final Promise<Void> done = Promise.promise();
  private Future<?> present = Future.succeededFuture();
  private boolean evaluating;
  private boolean pending;
  private boolean stopped;
  private boolean failing;

  JobRunner(String id, JobContext jobContext, ProgressNotifier notifier) {
    this.id = id;
    this.jobContext = jobContext;
    this.notifier = notifier;
    this.submitter = new CommandSubmitter(jobContext, this::wake);
  }

  /** Succeeds when the job is over, or there is none any more. */
  Future<Void> done() {
    return done.future();
  }

  /** Something has changed: looks soon. */
  void wake() {
    pending = true;
    if (!evaluating && !stopped) {
      evaluate();
    }
  }

  /** Begins nothing more; succeeds when what was begun is done. */
  Future<Void> stop() {
    stopped = true;
    return Future.join(present, submitter.stop()).mapEmpty();
  }

  private void evaluate() {
    evaluating = true;
    pending = false;
    // Before the job is read: whom the crew lets go of meanwhile may not be counted in it yet.
    Set<String> inFlight = submitter.inFlight();
    present =
        jobContext
            .onContext(jobContext.store().get(id))
            .compose(found -> decided(found, inFlight))
            .onComplete(this::pause);
  }

  private Future<Void> decided(Optional<Job> found, Set<String> inFlight) {
    if (found.isEmpty()) {
      return finish();
    }
    Job job = found.get();
    notifier.note(job);
    int most = jobContext.dependencies().settings().maxInFlight();
    return switch (JobDecision.of(job, inFlight.size(), most)) {
      case JobDecision.Send send -> send(job, send.most(), inFlight);
      case JobDecision.GiveUp much -> thenAgain(abort(much.reason()));
      case JobDecision.Skip skip -> thenAgain(jobContext.store().skip(id, SKIPPED_AT_A_TIME));
      case JobDecision.Revoke revoke -> thenAgain(revoke(revoke.reason(), most));
      case JobDecision.End end -> thenAgain(jobContext.store().end(id, jobContext.now()));
      case JobDecision.Await await -> Future.succeededFuture();
      case JobDecision.Over over -> finish();
    };
  }

  /** Whom the crew has in hand may still be kept as waiting. */
  private Future<Void> send(Job job, int most, Set<String> inFlight) {
    return executionsIn(ExecutionState.WAITING, most + inFlight.size())
        .map(
            executions -> {
              executions.stream()
                  .map(JobExecution::device)
                  .filter(device -> !inFlight.contains(device))
                  .limit(most)
                  .forEach(device -> submitter.start(job, device));
              return null;
            });
  }

  private Future<Job> abort(String reason) {
    return jobContext.store().halt(id, Job.State.ABORTED, reason, Precondition.NONE);
  }

  private Future<?> revoke(String reason, int most) {
    return executionsIn(ExecutionState.QUEUED, most).compose(queued -> revoke(queued, reason));
  }

  private Future<?> revoke(List<JobExecution> queued, String reason) {
    return Future.join(queued.stream().map(execution -> revoke(execution, reason)).toList());
  }

  /** One that is handed out at this very moment is with the device, and goes on. */
  private Future<Void> revoke(JobExecution execution, String reason) {
    String command = Objects.requireNonNull(execution.command());
    return jobContext
        .dependencies()
        .commands()
        .revoke(command, reason)
        .<Void>mapEmpty()
        .recover(
            refused -> isLater(refused) ? Future.failedFuture(refused) : Future.succeededFuture());
  }

  private static boolean isLater(Throwable refused) {
    return refused instanceof Refusal refusal && refusal.kind() == Refusal.ErrorCode.UNAVAILABLE;
  }

  private Future<List<JobExecution>> executionsIn(ExecutionState standing, int most) {
    return jobContext
        .onContext(jobContext.store().executions(id, Set.of(standing), null, most))
        .map(page -> page.items());
  }

  private Future<Void> thenAgain(Future<?> task) {
    return jobContext.onContext(task).onSuccess(done -> pending = true).mapEmpty();
  }

  private Future<Void> finish() {
    stopped = true;
    done.tryComplete();
    return Future.succeededFuture();
  }

  private void pause(AsyncResult<?> looked) {
    if (looked.failed()) {
      pending = true;
      logOnce(looked.cause());
    }
    failing = looked.failed();
    jobContext
        .vertx()
        .setTimer(looked.succeeded() ? PAUSE_MS : JobContext.RETRY_MS, rested -> resume());
  }

  private void logOnce(Throwable cause) {
    if (!failing) {
      LOG.warn("Job {} cannot go on yet: {}", id, cause.getMessage());
    }
  }

  private void resume() {
    evaluating = false;
    if (pending && !stopped) {
      evaluate();
    }
  }
}
