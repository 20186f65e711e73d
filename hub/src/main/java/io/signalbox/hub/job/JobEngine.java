package io.signalbox.hub.job;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.command.UuidV7Generator;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engine of a running job service: its context, its timer and its job runners.
 *
 * <p>Threading: any thread may call; all state is accessed on the context.
 */
final class JobEngine {
  private static final Logger LOG = LoggerFactory.getLogger(JobEngine.class);
  private static final long TICK_MS = 100;
  private static final long TRIM_MS = 60_000;
  private static final Duration SETTLED = Duration.ofHours(1);
  private static final int TRIM_BATCH = 2_000;

  private static final HeldRequests.Versioned<Job> VERSIONED =
      new HeldRequests.Versioned<>(Job::id, Job::version, Job::isOver);

  private final ConfinedExecutor<JobEngine> executor;
  private final EngineDependencies dependencies;
  private final JobContext jobContext;
  private final HeldRequests<Job> waits;
  private final JobRunners runners;
  private final JobSubmission submission;
  private Runnable unfollow = () -> {};
  private Future<?> trimming = Future.succeededFuture();
  private long lastTrim;
  private long timer = -1;

  JobEngine(Vertx vertx, EngineDependencies dependencies) {
    Context context = vertx.getOrCreateContext();
    this.dependencies = dependencies;
    this.jobContext = new JobContext(dependencies, vertx, context);
    this.waits =
        new HeldRequests<>(
            dependencies.settings().maxHeldRequests(),
            Contexts.executorOf(context),
            dependencies.clock(),
            VERSIONED);
    this.runners = new JobRunners(jobContext, waits);
    this.submission =
        new JobSubmission(jobContext, new UuidV7Generator(dependencies.clock()), runners);
    this.executor = new ConfinedExecutor<>(Contexts.executorOf(context), this);
  }

  /** Resumes every unfinished job, then starts the timer. */
  Future<Void> open() {
    return submit(JobEngine::recover);
  }

  /** Answers all held requests, and later ones at once. */
  Future<Void> drain() {
    return submit(JobEngine::answerAll);
  }

  private Future<Void> answerAll() {
    waits.drain().forEach(this::answerAsItStands);
    return Future.succeededFuture();
  }

  /** Finishes work in progress; later calls are refused. */
  Future<Void> close() {
    return submit(JobEngine::leave);
  }

  JobSubmission submission() {
    return submission;
  }

  JobRunners runners() {
    return runners;
  }

  HeldRequests<Job> waits() {
    return waits;
  }

  /** Runs a task on the context; {@code UNAVAILABLE} once closed. */
  <T> Future<T> submit(Function<JobEngine, Future<T>> task) {
    return executor.submit(task);
  }

  /** A held request that completes when the job differs from the known one, or at the deadline. */
  HeldRequest<Job> awaitChange(String id, Predicate<Job> known, long millis) {
    return held(waits.forChange(id, known, millis));
  }

  /** A held request that completes when the job has ended, or at the deadline. */
  HeldRequest<Job> awaitCompletion(String id, long millis) {
    return held(waits.forCompletion(id, millis));
  }

  private HeldRequest<Job> held(HeldRequest<Job> wait) {
    submit(engine -> engine.waits.enter(wait, () -> engine.read(wait.id())))
        .onFailure(wait::refuse);
    return wait;
  }

  private Future<Job> read(String id) {
    return jobContext
        .onContext(dependencies.store().get(id))
        .map(found -> found.orElseThrow(() -> unknown(id)));
  }

  private Future<Void> recover() {
    // Before the jobs are read, so that no step in between is missed.
    unfollow = dependencies.commands().onStep(this::moved);
    return jobContext.onContext(dependencies.store().unfinished()).map(this::goOn);
  }

  private Void goOn(List<String> jobs) {
    jobs.forEach(runners::start);
    timer = jobContext.vertx().setPeriodic(TICK_MS, tick -> tick());
    return null;
  }

  /** Called in the command service's tasks; most commands belong to no job. */
  private void moved(Command command) {
    String job = command.job();
    if (job != null) {
      jobContext.context().runOnContext(turn -> runners.wake(job));
    }
  }

  private void tick() {
    long now = dependencies.clock().monotonicMillis();
    waits.takeExpired().forEach(this::answerAsItStands);
    if (trimming.isComplete() && now - lastTrim >= TRIM_MS) {
      trimming = trim(now);
    }
  }

  private void answerAsItStands(HeldRequest<Job> wait) {
    read(wait.id()).onSuccess(wait::answer).onFailure(wait::refuse);
  }

  private Future<?> trim(long now) {
    // After a forward step of the clock nothing is deleted until the new time is an hour old.
    long settled = dependencies.clock().wallMillisBeforeSteps(SETTLED);
    long endedBefore = settled - dependencies.settings().retention().toMillis();
    return jobContext
        .onContext(dependencies.store().trim(endedBefore, TRIM_BATCH))
        .onSuccess(forgotten -> lastTrim = forgotten == TRIM_BATCH ? lastTrim : now)
        .onFailure(refused -> LOG.debug("Deletion of old jobs failed, will be retried", refused));
  }

  private Future<Void> leave() {
    executor.close();
    jobContext.vertx().cancelTimer(timer);
    waits.refuseAll(ConfinedExecutor.unavailable());
    unfollow.run();
    return Future.join(runners.stop(), submission.awaitIdle()).mapEmpty();
  }

  static Refusal unknown(String id) {
    return new Refusal(ErrorCode.UNKNOWN_JOB, "there is no job " + id);
  }
}
