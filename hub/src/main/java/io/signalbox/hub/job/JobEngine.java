package io.signalbox.hub.job;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.DeviceRegistry;
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
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engine of a running job service: its context, its timer, and a runner for each unfinished job.
 *
 * <p>Threading: any thread may call {@link #submit} and the methods that use it, {@link #changed}
 * and {@link #commandChanged}; all state is accessed on the context.
 */
final class JobEngine {
  private static final Logger LOG = LoggerFactory.getLogger(JobEngine.class);
  private static final long TICK_MS = 100;
  private static final long TRIM_MS = 60_000;
  private static final long FOLLOW_MS = 1_000;
  private static final Duration SETTLED = Duration.ofHours(1);
  private static final int TRIM_BATCH = 2_000;

  private static final HeldRequests.Versioned<Job> VERSIONED =
      new HeldRequests.Versioned<>(Job::id, Job::version, Job::isOver);

  private final Context context;
  private final JobStore store;
  private final HubClock clock;
  private final JobSettings settings;
  private final ConfinedExecutor<JobEngine> executor;
  private final HeldRequests<Job> heldRequests;
  private final JobSubmission submission;
  private final JobRunners runners;
  private Future<?> following = Future.succeededFuture();
  private long lastFollow;

  private Future<?> trimming = Future.succeededFuture();
  private long lastTrim;
  private long timer = -1;

  /**
   * An engine that is not open yet.
   *
   * @param context runs all tasks
   * @param newRunner makes the runner of a job
   */
  JobEngine(
      Context context,
      JobStore store,
      DeviceRegistry registry,
      HubClock clock,
      JobSettings settings,
      BiFunction<JobEngine, String, JobRunner> newRunner) {
    Executor thread = Contexts.executorOf(context);
    this.context = context;
    this.store = store;
    this.clock = clock;
    this.settings = settings;
    this.runners = new JobRunners(job -> newRunner.apply(this, job));
    this.executor = new ConfinedExecutor<>(thread, this);
    this.heldRequests =
        new HeldRequests<>(settings.maxHeldRequests(), thread, clock, VERSIONED, this::get);
    this.submission = new JobSubmission(this, store, registry, clock, settings.maxActive());
  }

  // ---- Lifecycle.

  /** Resumes every unfinished job, then starts the timer. */
  Future<Void> open() {
    return submit(JobEngine::recover);
  }

  private Future<Void> recover() {
    return follow()
        .map(
            started -> {
              timer = context.owner().setPeriodic(TICK_MS, tick -> tick());
              return null;
            });
  }

  private Future<Void> follow() {
    return resume(store.unfinished()).onSuccess(runners::follow).mapEmpty();
  }

  /** Answers all held requests with the present state, and later ones at once. */
  Future<Void> drain() {
    return submit(JobEngine::answerHeldRequests);
  }

  private Future<Void> answerHeldRequests() {
    heldRequests.drain();
    return Future.succeededFuture();
  }

  /** Finishes work in progress; later calls are refused. */
  Future<Void> close() {
    return submit(JobEngine::leave);
  }

  private Future<Void> leave() {
    executor.close();
    context.owner().cancelTimer(timer);
    heldRequests.refuseAll(ConfinedExecutor.unavailable());
    return Future.join(runners.stop(), submission.awaitIdle()).mapEmpty();
  }

  /** Runs a task on the context; {@code UNAVAILABLE} once closed. */
  <T> Future<T> submit(Function<JobEngine, Future<T>> task) {
    return executor.submit(task);
  }

  /** The same future, completed on the context. */
  <T> Future<T> resume(Future<T> elsewhere) {
    return Contexts.resumeOn(context, elsewhere);
  }

  private void tick() {
    long now = clock.monotonicMillis();
    heldRequests.answerExpired();
    if (runners.isDivided() && following.isComplete() && now - lastFollow >= FOLLOW_MS) {
      lastFollow = now;
      following = follow().onFailure(JobEngine::logRetry);
    }
    if (trimming.isComplete() && now - lastTrim >= TRIM_MS && runners.ownership().ofUndivided()) {
      trimming = trim(now);
    }
  }

  private Future<?> trim(long now) {
    // After a forward step of the clock nothing is deleted until the new time is an hour old.
    long endedBefore = clock.wallMillisBeforeSteps(SETTLED) - settings.retention().toMillis();
    return resume(store.trim(endedBefore, TRIM_BATCH))
        .onSuccess(forgotten -> lastTrim = forgotten == TRIM_BATCH ? lastTrim : now)
        .onFailure(JobEngine::logRetry);
  }

  private static void logRetry(Throwable refused) {
    LOG.debug("Jobs cannot be read or deleted, will be retried", refused);
  }

  // ---- Jobs.

  Context context() {
    return context;
  }

  JobSubmission submission() {
    return submission;
  }

  /** The job. {@code UNKNOWN_JOB}. */
  Future<Job> get(String id) {
    return resume(store.get(id)).map(found -> found.orElseThrow(() -> unknown(id)));
  }

  static Refusal unknown(String id) {
    return new Refusal(ErrorCode.UNKNOWN_JOB, "there is no job " + id);
  }

  // ---- Held requests.

  HeldRequests<Job> heldRequests() {
    return heldRequests;
  }

  /**
   * Answers the requests that wait for the change, at once if this is called on the context. Any
   * thread.
   */
  void changed(Job job) {
    if (heldRequests.held() == 0) {
      return;
    }
    if (context.equals(Vertx.currentContext())) {
      heldRequests.changed(job);
    } else {
      context.runOnContext(turn -> heldRequests.changed(job));
    }
  }

  /** A held request that completes when the job differs from the known one, or at the deadline. */
  HeldRequest<Job> awaitChange(String id, Predicate<Job> known, Duration wait) {
    return held(heldRequests.forChange(id, known, wait));
  }

  /** A held request that completes when the job has ended, or at the deadline. */
  HeldRequest<Job> awaitCompletion(String id, Duration wait) {
    return held(heldRequests.forCompletion(id, wait));
  }

  private HeldRequest<Job> held(HeldRequest<Job> request) {
    submit(engine -> engine.heldRequests.enter(request)).onFailure(request::refuse);
    return request;
  }

  // ---- Runners.

  /** The runners of the jobs of this node. */
  JobRunners runners() {
    return runners;
  }

  /** A command has changed; most commands belong to no job. */
  void commandChanged(Command command) {
    String job = command.job();
    if (job != null) {
      context.runOnContext(turn -> runners.wake(job));
    }
  }
}
