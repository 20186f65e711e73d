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
 * Creates the commands of a job, with a limited number in flight. A device is released when its
 * outcome is stored: a command or a refusal. If the hub is unavailable, the device stays in flight
 * for a second and then waits again.
 *
 * <p>Threading: the engine's context.
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

  /** The devices in flight. */
  Set<String> inFlight() {
    return Set.copyOf(inFlight);
  }

  /** Creates the command of a device, or stores why there can be none. */
  void start(Job job, String device) {
    inFlight.add(device);
    active++;
    jobContext
        .onContext(submit(job, device))
        .transform(created -> recorded(job, device, created))
        .onComplete(done -> finished())
        .onSuccess(kept -> release(device))
        .onFailure(
            notNow -> jobContext.vertx().setTimer(JobContext.RETRY_MS, elapsed -> release(device)));
  }

  /** Accepts no more devices; succeeds when those in flight are finished. */
  Future<Void> stop() {
    stopping = true;
    whenIdle();
    return idle.future();
  }

  private Future<?> submit(Job job, String device) {
    return jobContext.dependencies().commands().submit(device, command(job), job.by());
  }

  private static CommandRequest.Validated command(Job job) {
    JobSpec spec = job.spec();
    return new CommandRequest.Validated(
        spec.name(),
        spec.params(),
        spec.ttl(),
        spec.notBefore(),
        spec.collapse(),
        spec.metadata(),
        null,
        job.id());
  }

  private Future<Void> recorded(Job job, String device, AsyncResult<?> created) {
    if (created.succeeded()) {
      jobContext.dependencies().output().countMade();
      return Future.succeededFuture();
    }
    Refusal refusal = refusal(created.cause());
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
    LOG.error("Command of a job not created", cause);
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
