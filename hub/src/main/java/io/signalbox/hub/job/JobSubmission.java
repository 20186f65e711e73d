package io.signalbox.hub.job;

import io.signalbox.hub.bus.SerialQueue;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandValidator;
import io.signalbox.hub.command.UuidV7Generator;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates and cancels jobs. Creations run one after the other, because each may read and store a
 * hundred thousand devices.
 *
 * <p>Threading: the engine's context.
 */
final class JobSubmission {
  private static final int MAX_PENDING = 64;

  private final JobEngine engine;
  private final JobStore store;
  private final DeviceRegistry registry;
  private final TargetResolver resolver;
  private final HubClock clock;
  private final UuidV7Generator ids;
  private final int maxActive;
  private final SerialQueue queue =
      new SerialQueue(
          MAX_PENDING, "too many concurrent requests to create a job; the limit is " + MAX_PENDING);

  /**
   * No creation is pending.
   *
   * @param maxActive maximum number of unfinished jobs
   */
  JobSubmission(
      JobEngine engine, JobStore store, DeviceRegistry registry, HubClock clock, int maxActive) {
    this.engine = engine;
    this.store = store;
    this.registry = registry;
    this.resolver = new TargetResolver(registry);
    this.clock = clock;
    this.ids = new UuidV7Generator(clock);
    this.maxActive = maxActive;
  }

  /**
   * Creates a job; it is durable when the future succeeds. A repeated request returns the first
   * job. {@code INVALID_PARAMS} if the command does not fit the type of one of the devices.
   */
  Future<Job> submit(JobRequest.Validated request, CommandValidator validator, String by) {
    return queue.request(
        () -> {
          IdempotencyKey key = request.idempotencyKey();
          return key == null
              ? make(request, null, validator, by)
              : makeOnce(request, claim(key), validator, by);
        });
  }

  /** Cancels a job: no more commands are sent; delivered commands continue. */
  Future<Job> cancel(String job, String by, Precondition precondition) {
    String reason = "cancelled by " + by;
    return engine
        .resume(store.halt(job, Job.State.CANCELLED, reason, precondition))
        .onSuccess(halted -> engine.runners().wake(job));
  }

  /** Succeeds when all earlier requests are finished. */
  Future<Void> awaitIdle() {
    return queue.awaitIdle();
  }

  private Claim claim(IdempotencyKey key) {
    Duration age = IdempotencyKey.VALIDITY;
    return new Claim(key, clock.wallMillisBeforeSteps(age) - age.toMillis());
  }

  /** The devices of a repeated request are not looked for again. */
  private Future<Job> makeOnce(
      JobRequest.Validated request, Claim claim, CommandValidator validator, String by) {
    return engine
        .resume(store.original(claim.key().key(), claim.since()))
        .compose(
            first ->
                first.isPresent()
                    ? madeBy(first.get(), claim.key())
                    : make(request, claim, validator, by));
  }

  /** The job of an earlier request with the key. {@code CONFLICT}. */
  private Future<Job> madeBy(FirstUse first, IdempotencyKey key) {
    return engine.get(key.createdBy(first, "job"));
  }

  private Future<Job> make(
      JobRequest.Validated request, @Nullable Claim claim, CommandValidator validator, String by) {
    if (engine.runners().unfinished() >= maxActive) {
      throw new Refusal(
          ErrorCode.UNAVAILABLE, "too many unfinished jobs; the limit is %d".formatted(maxActive));
    }
    return engine
        .resume(resolver.of(request.targets()))
        .compose(
            devices ->
                engine
                    .resume(checked(request, validator, devices))
                    .compose(fits -> keep(request, claim, devices, by)));
  }

  /** Checks the command by the types of the devices. */
  private Future<Void> checked(
      JobRequest.Validated request, CommandValidator validator, List<String> devices) {
    return validator.isIdle()
        ? Future.succeededFuture()
        : registry.typesOf(devices).compose(types -> validator.check(types, request.sent()));
  }

  private Future<Job> keep(
      JobRequest.Validated request, @Nullable Claim claim, List<String> devices, String by) {
    Job job = request.job(ids.next(), devices.size(), clock.wallMillis(), by);
    return engine
        .resume(store.keep(job, devices, claim))
        .compose(
            result ->
                result instanceof JobStore.KeepResult.AlreadyMade made && claim != null
                    ? madeBy(made.first(), claim.key())
                    : started(job));
  }

  private Future<Job> started(Job job) {
    engine.runners().created(job.id());
    return Future.succeededFuture(job);
  }
}
