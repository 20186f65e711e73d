package io.signalbox.hub.job;

import io.signalbox.hub.command.UuidV7Generator;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes jobs, one after the other: a request that is repeated while the first is still being dealt
 * with finds what the first has made. And takes them back.
 *
 * <p>Threading: the room's context.
 */
final class JobSubmission {
  private static final Duration REPEATABLE = Duration.ofHours(24);
  private static final int MOST_PENDING = 64;

  private final JobContext jobContext;
  private final UuidV7Generator ids;
  private final JobRunners runners;
  private final TargetResolver resolver;
  private Future<?> before = Future.succeededFuture();
  private int pending;

  JobSubmission(JobContext jobContext, UuidV7Generator ids, JobRunners runners) {
    this.jobContext = jobContext;
    this.ids = ids;
    this.runners = runners;
    this.resolver = new TargetResolver(jobContext.dependencies().registry());
  }

  /** A new job; it is durable when the future succeeds. A repeated request gets the first's. */
  Future<Job> submit(ValidatedJob draft, String by) {
    return inTurn(
        () ->
            repeated(draft)
                .compose(first -> first.isPresent() ? kept(first.get()) : make(draft, by)));
  }

  /** Nothing more is sent; what is with a device goes on. */
  Future<Job> cancel(String job, String by, Precondition precondition) {
    String reason = "cancelled by " + by;
    return jobContext
        .onContext(jobContext.store().halt(job, Job.State.CANCELLED, reason, precondition))
        .onSuccess(halted -> runners.wake(job));
  }

  /** Everything that was asked for until now is done, well or not. */
  Future<Void> awaitIdle() {
    return before.transform(whatever -> Future.succeededFuture());
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
          "this key was used for another job: " + first.id());
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
      throw new Refusal(ErrorCode.UNAVAILABLE, "%d jobs are not over yet".formatted(most));
    }
    return jobContext
        .onContext(resolver.of(draft.request().targets()))
        .compose(devices -> keep(draft, devices, by));
  }

  private Future<Job> keep(ValidatedJob draft, List<String> devices, String by) {
    Job job = draft.job(ids.next(), devices.size(), jobContext.now(), by);
    return jobContext
        .onContext(jobContext.store().keep(job, devices, draft.token()))
        .onSuccess(kept -> runners.start(job.id()))
        .map(job);
  }

  private <T> Future<T> inTurn(Supplier<Future<T>> task) {
    if (pending >= MOST_PENDING) {
      return Future.failedFuture(new Refusal(ErrorCode.UNAVAILABLE, "too many jobs at a time"));
    }
    pending++;
    Future<T> done = before.transform(whatever -> task.get());
    before = done;
    return done.onComplete(outcome -> pending--);
  }
}
