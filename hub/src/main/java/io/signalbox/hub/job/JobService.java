package io.signalbox.hub.job;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.CommandValidator;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Ownership;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Service of jobs: commands to many devices.
 *
 * <ul>
 *   <li>A job is durable, with all its devices, before the request is answered. Commands are then
 *       created in the order of the devices, a few at a time; the transaction that creates a
 *       command also ends its device's waiting state, so a hub that is killed at any point
 *       continues where it was and sends nothing twice.
 *   <li>The counts come from the store, and add up to the total at any moment.
 *   <li>Devices that are not registered or whose queue is full count as {@code REFUSED} with the
 *       reason, and do not delay others.
 *   <li>A job that is aborted or cancelled sends nothing more: waiting devices are skipped, queued
 *       commands are cancelled, delivered commands continue. Every job ends, because every command
 *       does.
 * </ul>
 *
 * <p>Before {@link #open} has succeeded and after {@link #close} changes are refused with {@code
 * UNAVAILABLE}, as they are if the store refuses.
 *
 * <p>Threading: any thread may call. All state is on one context of the engine, which no call
 * blocks; futures complete there or on store threads, and callers switch to their own context.
 */
public final class JobService {
  private final JobStore store;
  private final DeviceRegistry registry;
  private final CommandService commands;
  private final Topic<Event.JobChanged> changes;
  private final HubClock clock;
  private final JobSettings settings;
  private final JobMetrics metrics = new JobMetrics();
  private volatile CommandValidator validator = new CommandValidator(null);
  private volatile @Nullable JobEngine engine;
  private volatile Runnable stopFollowing = () -> {};

  /**
   * A service that is not open yet.
   *
   * @param changes receives an event for every change of a job
   * @param clock Unix milliseconds
   */
  public JobService(
      JobStore store,
      DeviceRegistry registry,
      CommandService commands,
      Topic<Event.JobChanged> changes,
      HubClock clock,
      JobSettings settings) {
    this.store = store;
    this.registry = registry;
    this.commands = commands;
    this.changes = changes;
    this.clock = clock;
    this.settings = settings;
    changes.listen(event -> changed(event.job()));
  }

  /** This or another node has published a change: wakes the requests that wait for it. */
  private void changed(Job job) {
    JobEngine open = engine;
    if (open != null) {
      open.changed(job);
    }
  }

  /** Validates commands by the types of their devices from now on. */
  public void validateBy(TypedDevices types) {
    validator = new CommandValidator(types);
  }

  /** Resumes the unfinished jobs of the last run; then serves requests. */
  public Future<Void> open(Vertx vertx) {
    return open(vertx, Ownership.ALL);
  }

  /** The same on one of several nodes: a job is run by the node that owns it. */
  public Future<Void> open(Vertx vertx, Ownership ownership) {
    JobEngine made =
        new JobEngine(
            vertx.getOrCreateContext(), store, registry, clock, settings, this::newRunner);
    made.runners().divideBy(ownership);
    // Before the engine reads its jobs, so that no step in between is missed.
    stopFollowing = commands.onStep(made::commandChanged);
    return made.open()
        .andThen((open, failure) -> engine = failure == null ? made : null)
        .onFailure(failed -> stopFollowing.run());
  }

  private JobRunner newRunner(JobEngine made, String id) {
    Context context = made.context();
    return new JobRunner(
        id,
        context,
        store,
        clock,
        new JobCommands(context, store, commands, metrics, settings.maxInFlight()),
        new ProgressNotifier(context.owner(), changes));
  }

  /** Answers held requests with the present state; later ones are answered at once. */
  public Future<Void> drain() {
    JobEngine open = engine;
    return open == null ? Future.succeededFuture() : open.drain();
  }

  /** Refuses new requests, releases held ones, and finishes work in progress. */
  public Future<Void> close() {
    JobEngine open = engine;
    engine = null;
    stopFollowing.run();
    return open == null ? Future.succeededFuture() : open.close();
  }

  /**
   * Creates a job; it is durable when the future succeeds. {@code INVALID} and {@code TOO_LARGE}
   * with the field, {@code CONFLICT} for an idempotency key that was used for another request.
   *
   * @param by name of the principal
   */
  public Future<Job> submit(JobRequest job, String by) {
    JobEngine open = engine;
    if (open == null) {
      return Future.failedFuture(ConfinedExecutor.unavailable());
    }
    // Up to 100,000 ids are validated on a worker thread, not on an event loop.
    return open.context()
        .owner()
        .executeBlocking(() -> job.validated(clock.wallMillis()), false)
        .compose(valid -> open.submit(engine -> engine.submission().submit(valid, validator, by)));
  }

  /** The job. {@code UNKNOWN_JOB}. */
  public Future<Job> get(String id) {
    return store.get(id).map(found -> found.orElseThrow(() -> JobEngine.unknown(id)));
  }

  /**
   * Waits until the job differs from the known state, or until the deadline; the outcome is the
   * job's present state, or {@code UNKNOWN_JOB}. A caller that gives up calls {@link
   * HeldRequest#cancel}.
   *
   * @param known whether the caller knows the present state; called once, at the first read. After
   *     that any change completes the request
   */
  public HeldRequest<Job> awaitChange(String id, Predicate<Job> known, Duration wait) {
    return hold(open -> open.awaitChange(id, known, wait));
  }

  /** Waits until the job has ended, or until the deadline; otherwise as {@link #awaitChange}. */
  public HeldRequest<Job> awaitCompletion(String id, Duration wait) {
    return hold(open -> open.awaitCompletion(id, wait));
  }

  /**
   * Cancels a job. {@code UNKNOWN_JOB}, {@code JOB_FINISHED} if it has ended, or is aborted or
   * cancelled already.
   */
  public Future<Job> cancel(String id, String by) {
    return cancel(id, by, Precondition.NONE);
  }

  /** Cancels under a precondition on the version. {@code PRECONDITION_FAILED}. */
  public Future<Job> cancel(String id, String by, Precondition precondition) {
    return inside(open -> open.submission().cancel(id, by, precondition));
  }

  /**
   * Jobs, newest first.
   *
   * @param states only these; empty for all
   */
  public Future<Page<Job>> list(Set<Job.State> states, @Nullable String cursor, int limit) {
    return store.list(states, cursor, limit);
  }

  /**
   * Executions of a job, in the order of its devices. {@code UNKNOWN_JOB}.
   *
   * @param standings only these; empty for all
   */
  public Future<Page<JobExecution>> executions(
      String id, Set<ExecutionState> standings, @Nullable String cursor, int limit) {
    return get(id).compose(job -> store.executions(id, standings, cursor, limit));
  }

  /** Number of unfinished jobs. */
  public int running() {
    JobEngine open = engine;
    return open == null ? 0 : open.runners().running();
  }

  /** Number of commands created for jobs since the start. */
  public long made() {
    return metrics.made();
  }

  /** Number of devices without a command since the start. */
  public long refused() {
    return metrics.refused();
  }

  private HeldRequest<Job> hold(Function<JobEngine, HeldRequest<Job>> how) {
    JobEngine open = engine;
    return open == null ? HeldRequest.refused(ConfinedExecutor.unavailable()) : how.apply(open);
  }

  /** Runs a task on the engine; {@code UNAVAILABLE} while it is not open. */
  <T> Future<T> inside(Function<JobEngine, Future<T>> task) {
    JobEngine open = engine;
    return open == null ? Future.failedFuture(ConfinedExecutor.unavailable()) : open.submit(task);
  }
}
