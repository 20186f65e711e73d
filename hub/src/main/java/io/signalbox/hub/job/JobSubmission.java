package io.signalbox.hub.job;

import io.signalbox.hub.bus.SerialQueue;
import io.signalbox.hub.command.UuidV7Generator;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Creates and cancels jobs. Creations run one after the other, so that a repeated request finds the
 * job of the first one even if both arrive at the same time.
 *
 * <p>Threading: the engine's context.
 */
final class JobSubmission {
  private static final Duration REPEATABLE = Duration.ofHours(24);
  private static final int MAX_PENDING = 64;

  private final JobContext jobContext;
  private final UuidV7Generator ids;
  private final JobRunners runners;
  private final TargetResolver resolver;
  private final SerialQueue queue =
      new SerialQueue(
          MAX_PENDING, "too many concurrent requests to create a job; the limit is " + MAX_PENDING);

  JobSubmission(JobContext jobContext, UuidV7Generator ids, JobRunners runners) {
    this.jobContext = jobContext;
    this.ids = ids;
    this.runners = runners;
    this.resolver = new TargetResolver(jobContext.dependencies().registry());
  }

  /**
   * Creates a job; it is durable when the future succeeds. A repeated request returns the first
   * job.
   */
  Future<Job> submit(ValidatedJob draft, String by) {
    return queue.request(
        () ->
            repeated(draft)
                .compose(first -> first.isPresent() ? kept(first.get()) : make(draft, by)));
  }

  /** Cancels a job: no more commands are sent; delivered commands continue. */
  Future<Job> cancel(String job, String by, Precondition precondition) {
    String reason = "cancelled by " + by;
    return jobContext
        .onContext(jobContext.store().halt(job, Job.State.CANCELLED, reason, precondition))
        .onSuccess(halted -> runners.wake(job));
  }

  /** Succeeds when all earlier requests are finished. */
  Future<Void> awaitIdle() {
    return queue.awaitIdle();
  }

  private Future<Optional<String>> repeated(ValidatedJob draft) {
    JobStore.IdempotencyKey token = draft.token();
    if (token == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return jobContext
        .onContext(jobContext.store().original(token.key(), jobContext.since(REPEATABLE)))
        .map(original -> original.map(first -> sameAs(first, token)));
  }

  private static String sameAs(JobStore.FirstUse first, JobStore.IdempotencyKey token) {
    if (!first.fingerprint().equals(token.fingerprint())) {
      throw new Refusal(
          ErrorCode.CONFLICT,
          "Idempotency-Key",
          "Idempotency-Key was used for another request, which created job " + first.id());
    }
    return first.id();
  }

  private Future<Job> kept(String id) {
    return jobContext
        .onContext(jobContext.store().get(id))
        .map(found -> found.orElseThrow(() -> JobEngine.unknown(id)));
  }

  private Future<Job> make(ValidatedJob draft, String by) {
    int most = jobContext.dependencies().settings().maxActive();
    if (runners.size() >= most) {
      throw new Refusal(
          ErrorCode.UNAVAILABLE, "too many unfinished jobs; the limit is %d".formatted(most));
    }
    return jobContext
        .onContext(resolver.of(draft.targets()))
        .compose(devices -> keep(draft, devices, by));
  }

  private Future<Job> keep(ValidatedJob draft, List<String> devices, String by) {
    Job job = draft.job(ids.next(), devices.size(), jobContext.now(), by);
    return jobContext
        .onContext(jobContext.store().keep(job, devices, draft.token()))
        .onSuccess(kept -> runners.start(job.id()))
        .map(job);
  }
}
