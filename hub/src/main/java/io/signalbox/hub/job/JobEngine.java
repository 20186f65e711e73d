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
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inside of the room while it is open: its one context, its one timer, and who works in it.
 *
 * <p>Threading: any thread may call; whatever is touched is touched on the context.
 */
final class JobEngine {
  private static final Logger LOG = LoggerFactory.getLogger(JobEngine.class);
  private static final long TICK_MS = 100;
  private static final long TRIM_MS = 60_000;
  private static final Duration SETTLED = Duration.ofHours(1);
  private static final int TRIMMED_AT_A_TIME = 2_000;

  private static final HeldRequests.Versioned<Job> SORT =
      new HeldRequests.Versioned<>(Job::id, Job::version, Job::isOver);

  private final ConfinedExecutor<JobEngine> executor;
  private final EngineDependencies dependencies;
  private final JobContext jobContext;
  private final HeldRequests<Job> waits;
  private final JobRunners runners;
  private final JobSubmission submission;
  private @Nullable MessageConsumer<?> steps;
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
            SORT);
    this.runners = new JobRunners(jobContext, waits);
    this.submission =
        new JobSubmission(jobContext, new UuidV7Generator(dependencies.clock()), runners);
    this.executor = new ConfinedExecutor<>(Contexts.executorOf(context), this);
  }

  /** Goes on with every job that is not over, then starts the timer. */
  Future<Void> open() {
    return submit(JobEngine::recover);
  }

  /** Whoever waits for a job is answered as it stands, and whoever still comes. */
  Future<Void> drain() {
    return submit(JobEngine::answerAll);
  }

  private Future<Void> answerAll() {
    waits.drain().forEach(this::answerAsItStands);
    return Future.succeededFuture();
  }

  /** Completes what was begun; what comes from now on is refused. */
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

  /** Does something in here; refuses {@code UNAVAILABLE} once closed. */
  <T> Future<T> submit(Function<JobEngine, Future<T>> task) {
    return executor.submit(task);
  }

  /** Somebody who waits until the job is not as it is known, or the time is over. */
  HeldRequest<Job> awaitChange(String id, Predicate<Job> known, long millis) {
    return held(waits.forChange(id, known, millis));
  }

  /** Somebody who waits until the job is over, or the time is. */
  HeldRequest<Job> awaitCompletion(String id, long millis) {
    return held(waits.forCompletion(id, millis));
  }

  private HeldRequest<Job> held(HeldRequest<Job> wait) {
    submit(here -> here.waits.enter(wait, () -> here.look(wait.id()))).onFailure(wait::refuse);
    return wait;
  }

  private Future<Job> look(String id) {
    return jobContext
        .onContext(dependencies.store().get(id))
        .map(found -> found.orElseThrow(() -> unknown(id)));
  }

  private Future<Void> recover() {
    // Before the jobs are read: a step between the two would be looked at by nobody.
    steps = dependencies.steps().subscribe(step -> moved(step.command()));
    return jobContext.onContext(dependencies.store().unfinished()).map(this::goOn);
  }

  private Void goOn(List<String> jobs) {
    jobs.forEach(runners::start);
    timer = jobContext.vertx().setPeriodic(TICK_MS, tick -> tick());
    return null;
  }

  private void moved(Command command) {
    if (command.job() != null) {
      runners.wake(command.job());
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
    look(wait.id()).onSuccess(wait::answer).onFailure(wait::refuse);
  }

  private Future<?> trim(long now) {
    // A clock that was set ahead forgets nothing before it has been believed for an hour.
    long settled = dependencies.clock().wallMillisBeforeSteps(SETTLED);
    long endedBefore = settled - dependencies.settings().retention().toMillis();
    return jobContext
        .onContext(dependencies.store().trim(endedBefore, TRIMMED_AT_A_TIME))
        .onSuccess(forgotten -> lastTrim = forgotten == TRIMMED_AT_A_TIME ? lastTrim : now)
        .onFailure(refused -> LOG.debug("Old jobs cannot be forgotten yet", refused));
  }

  private Future<Void> leave() {
    executor.close();
    jobContext.vertx().cancelTimer(timer);
    waits.refuseAll(ConfinedExecutor.unavailable());
    Future<Void> unsubscribed = steps == null ? Future.succeededFuture() : steps.unregister();
    return Future.join(unsubscribed, runners.stop(), submission.awaitIdle()).mapEmpty();
  }

  static Refusal unknown(String id) {
    return new Refusal(ErrorCode.UNKNOWN_JOB, "there is no job " + id);
  }
}
