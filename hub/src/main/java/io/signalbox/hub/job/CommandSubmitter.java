package io.signalbox.hub.job;

import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the commands of a job, a few devices in hand at a time. A device is let go of when it is
 * kept what became of it: a command or a refusal. What the hub cannot take just now stays in hand
 * for a second and waits again.
 *
 * <p>Threading: the room's context.
 */
final class CommandSubmitter {
  private static final Logger LOG = LoggerFactory.getLogger(CommandSubmitter.class);

  private final JobContext jobContext;
  private final Runnable onFree;
  private final Set<String> inFlight = new HashSet<>();
  private final Promise<Void> idle = Promise.promise();
  private int active;
  private boolean stopping;

  CommandSubmitter(JobContext jobContext, Runnable whenFree) {
    this.jobContext = jobContext;
    this.onFree = whenFree;
  }

  /** The devices in hand at this moment. */
  Set<String> inFlight() {
    return Set.copyOf(inFlight);
  }

  /** Makes the command for a device, or finds out why there can be none. */
  void start(Job job, String device) {
    inFlight.add(device);
    active++;
    jobContext
        .onContext(submit(job, device))
        .transform(made -> recorded(job, device, made))
        .onComplete(done -> finished())
        .onSuccess(kept -> release(device))
        .onFailure(
            notNow -> jobContext.vertx().setTimer(JobContext.RETRY_MS, rested -> release(device)));
  }

  /** Takes nothing more; succeeds when the work that was begun is done. */
  Future<Void> stop() {
    stopping = true;
    whenIdle();
    return idle.future();
  }

  private Future<?> submit(Job job, String device) {
    return Future.succeededFuture(job)
        .map(CommandSubmitter::command)
        .compose(command -> jobContext.dependencies().commands().submit(device, command, job.by()));
  }

  private static CommandRequest command(Job job) {
    JobSpec order = job.spec();
    return new CommandRequest(
            order.name(),
            order.params(),
            order.ttl(),
            order.notBefore(),
            order.collapse(),
            order.metadata(),
            null)
        .partOf(job.id());
  }

  private Future<Void> recorded(Job job, String device, AsyncResult<?> made) {
    if (made.succeeded()) {
      jobContext.dependencies().output().countMade();
      return Future.succeededFuture();
    }
    Refusal refusal = refusal(made.cause());
    if (refusal.kind() == ErrorCode.UNAVAILABLE) {
      return Future.failedFuture(refusal);
    }
    return jobContext
        .onContext(jobContext.store().refuse(job.id(), JobExecution.refused(device, refusal)))
        .onSuccess(kept -> jobContext.dependencies().output().countRefused());
  }

  private static Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    LOG.error("A command of a job could not be made", cause);
    return new Refusal(ErrorCode.INTERNAL, "internal error; details are in the log of the hub");
  }

  private void finished() {
    active--;
    whenIdle();
  }

  private void whenIdle() {
    if (stopping && active == 0) {
      idle.tryComplete();
    }
  }

  private void release(String device) {
    inFlight.remove(device);
    onFree.run();
  }
}
