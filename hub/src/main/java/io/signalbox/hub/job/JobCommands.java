package io.signalbox.hub.job;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands of one job: creates them, with a limited number of devices in flight, and revokes them.
 * A device is released when its outcome is stored: a command or a refusal. If the hub is
 * unavailable, the device stays in flight for a second and then waits again.
 *
 * <p>Threading: the engine's context.
 */
final class JobCommands {
  private static final Logger LOG = LoggerFactory.getLogger(JobCommands.class);

  private final Context context;
  private final JobStore store;
  private final CommandService commands;
  private final JobMetrics metrics;
  private final int maxInFlight;
  private final Set<String> inFlight = new HashSet<>();
  private final Promise<Void> idle = Promise.promise();
  private int active;
  private boolean stopping;

  JobCommands(
      Context context,
      JobStore store,
      CommandService commands,
      JobMetrics metrics,
      int maxInFlight) {
    this.context = context;
    this.store = store;
    this.commands = commands;
    this.metrics = metrics;
    this.maxInFlight = maxInFlight;
  }

  /** Maximum number of devices in flight. */
  int maxInFlight() {
    return maxInFlight;
  }

  /** The devices in flight. */
  Set<String> inFlight() {
    return Set.copyOf(inFlight);
  }

  /**
   * Creates the command of a device, or stores why there can be none.
   *
   * @param onRelease called when the device is not in flight any more
   */
  void create(Job job, String device, Runnable onRelease) {
    inFlight.add(device);
    active++;
    Contexts.resumeOn(context, commands.submit(device, command(job), job.by()))
        .transform(created -> recorded(job, device, created))
        .onComplete(done -> finished())
        .onSuccess(kept -> release(device, onRelease))
        .onFailure(
            notNow ->
                context
                    .owner()
                    .setTimer(JobRunner.RETRY_MS, elapsed -> release(device, onRelease)));
  }

  /** Revokes queued commands; fails if some must be revoked again later. */
  Future<?> revoke(List<JobExecution> queued, String reason) {
    return Future.join(queued.stream().map(execution -> revoke(execution, reason)).toList());
  }

  /** Creates no more commands; succeeds when those in flight are finished. */
  Future<Void> stop() {
    stopping = true;
    whenIdle();
    return idle.future();
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
        job.id(),
        null);
  }

  private Future<Void> recorded(Job job, String device, AsyncResult<?> created) {
    if (created.succeeded()) {
      metrics.countMade();
      return Future.succeededFuture();
    }
    Refusal refusal = refusal(created.cause());
    if (refusal.kind() == ErrorCode.UNAVAILABLE) {
      return Future.failedFuture(refusal);
    }
    return Contexts.resumeOn(context, store.refuse(job.id(), JobExecution.refused(device, refusal)))
        .onSuccess(kept -> metrics.countRefused());
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

  private void release(String device, Runnable onRelease) {
    inFlight.remove(device);
    onRelease.run();
  }

  /** A command that is delivered at this very moment is not cancelled. */
  private Future<Void> revoke(JobExecution execution, String reason) {
    return commands
        .revoke(Objects.requireNonNull(execution.command()), reason)
        .<Void>mapEmpty()
        .recover(
            refused -> isLater(refused) ? Future.failedFuture(refused) : Future.succeededFuture());
  }

  private static boolean isLater(Throwable refused) {
    return refused instanceof Refusal refusal && refusal.kind() == ErrorCode.UNAVAILABLE;
  }
}
