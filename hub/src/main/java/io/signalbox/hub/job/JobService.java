package io.signalbox.hub.job;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A command to many devices, from the request to the last device.
 *
 * <ul>
 *   <li>A job is durable, with all of its devices, before it is answered. Commands are then made a
 *       few at a time, in the order of the devices; each takes its device out of the waiting in the
 *       same step that makes it durable, so a hub that is killed at any point goes on where it was
 *       and sends nothing twice.
 *   <li>The counts are those of the store, and add up to the total at any moment.
 *   <li>What cannot be sent, to a device that is not registered or whose queue is full, is counted
 *       as {@code REFUSED} with the reason, and does not hold up the others.
 *   <li>A job that is stopped or cancelled sends nothing more: who waits is skipped, what is queued
 *       is taken back, what is with a device goes on. Every job ends, because every command does.
 * </ul>
 *
 * <p>Before {@link #open} has succeeded and after {@link #close} what changes anything is refused
 * as {@code UNAVAILABLE}, which is also the answer when the store refuses.
 *
 * <p>Threading: any thread may call. All state is on one context of this room, which no call
 * blocks; futures complete there or on the store's threads, and callers hop to their own.
 */
public final class JobService {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final EngineDependencies dependencies;
  private volatile @Nullable Vertx vertx;
  private volatile @Nullable JobEngine engine;

  /** What is told around the house: steps of commands are heard, changes of jobs are told. */
  public record EventSources(Topic<Event.CommandChanged> steps, Topic<Event.JobChanged> changes) {}

  /**
   * A room that is not open yet.
   *
   * @param clock Unix milliseconds
   */
  public JobService(
      JobStore store,
      DeviceRegistry registry,
      CommandService commands,
      EventSources sources,
      HubClock clock,
      JobSettings settings) {
    this.dependencies =
        new EngineDependencies(
            store,
            registry,
            commands,
            sources.steps(),
            sources.changes(),
            clock,
            settings,
            new JobMetrics());
  }

  /** Goes on with what the hub had left when it stopped or was killed; then serves. */
  public Future<Void> open(Vertx here) {
    JobEngine made = new JobEngine(here, dependencies);
    vertx = here;
    return made.open().onSuccess(open -> engine = made);
  }

  /** Answers requests that wait for a job as it stands; none waits after that. */
  public Future<Void> drain() {
    JobEngine open = engine;
    return open == null ? Future.succeededFuture() : open.drain();
  }

  /** Refuses what comes, lets go of who waits, and completes what was begun. */
  public Future<Void> close() {
    JobEngine open = engine;
    engine = null;
    return open == null ? Future.succeededFuture() : open.close();
  }

  /**
   * Makes a job; it is durable when the future succeeds. Refuses {@code INVALID} and {@code
   * TOO_LARGE} with the field, and {@code CONFLICT} for an idempotency key that was used for
   * something else.
   *
   * @param by the name of who asks
   */
  public Future<Job> submit(JobRequest job, String by) {
    Vertx workers = vertx;
    if (workers == null) {
      return Future.failedFuture(ConfinedExecutor.unavailable());
    }
    // A hundred thousand ids are not looked at on anybody's event loop.
    return workers
        .executeBlocking(() -> ValidatedJob.of(job, dependencies.clock().wallMillis()), false)
        .compose(draft -> inside(here -> here.submission().submit(draft, by)));
  }

  /** The job as it stands; refuses {@code UNKNOWN_JOB}. */
  public Future<Job> get(String id) {
    return dependencies
        .store()
        .get(id)
        .map(found -> found.orElseThrow(() -> JobEngine.unknown(id)));
  }

  /**
   * Waits until the job is not as the caller knows it, or the time is over; the outcome is the job
   * as it then stands, or {@code UNKNOWN_JOB}. A caller who leaves calls {@link
   * HeldRequest#cancel}.
   *
   * @param known whether the caller knows the job as it stands; asked once, when it is first looked
   *     at. From then on any change is news
   */
  public HeldRequest<Job> awaitChange(String id, Predicate<Job> known, Duration wait) {
    return hold(open -> open.awaitChange(id, known, millis(wait)));
  }

  /** Waits until the job is over, or the time is; otherwise as {@link #awaitChange}. */
  public HeldRequest<Job> awaitCompletion(String id, Duration wait) {
    return hold(open -> open.awaitCompletion(id, millis(wait)));
  }

  /**
   * Takes back a job. Refuses {@code UNKNOWN_JOB}, and {@code JOB_OVER} for one that is done, or is
   * stopped or cancelled already.
   */
  public Future<Job> cancel(String id, String by) {
    return cancel(id, by, Precondition.NONE);
  }

  /** The same under a precondition on its version. {@code PRECONDITION_FAILED}. */
  public Future<Job> cancel(String id, String by, Precondition precondition) {
    return inside(here -> here.submission().cancel(id, by, precondition));
  }

  /**
   * Jobs, newest first.
   *
   * @param states only these; empty for all
   */
  public Future<Page<Job>> list(Set<Job.State> states, @Nullable String cursor, int limit) {
    return dependencies.store().list(states, cursor, limit);
  }

  /**
   * A job's devices, in their order; refuses {@code UNKNOWN_JOB}.
   *
   * @param standings only these; empty for all
   */
  public Future<Page<JobExecution>> executions(
      String id, Set<ExecutionState> standings, @Nullable String cursor, int limit) {
    return get(id).compose(job -> dependencies.store().executions(id, standings, cursor, limit));
  }

  /** How many jobs are not over. */
  public int running() {
    return dependencies.output().running();
  }

  /** How many commands were made for jobs since the start. */
  public long made() {
    return dependencies.output().made();
  }

  /** How many devices no command could be made for since the start. */
  public long refused() {
    return dependencies.output().refused();
  }

  private HeldRequest<Job> hold(Function<JobEngine, HeldRequest<Job>> how) {
    JobEngine open = engine;
    return open == null ? HeldRequest.refused(ConfinedExecutor.unavailable()) : how.apply(open);
  }

  private static long millis(Duration wait) {
    return Math.clamp(wait.toMillis(), 0, LONGEST_WAIT.toMillis());
  }

  /** Does something in the room; refuses {@code UNAVAILABLE} while it is not open. */
  <T> Future<T> inside(Function<JobEngine, Future<T>> task) {
    JobEngine open = engine;
    return open == null ? Future.failedFuture(ConfinedExecutor.unavailable()) : open.submit(task);
  }
}
