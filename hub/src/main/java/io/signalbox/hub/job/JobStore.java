package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where jobs are kept, with how each of their devices stands.
 *
 * <p>Contract: what has succeeded is durable. A job's tally is never counted but kept, and goes
 * with the commands: in the step that makes a command of the job durable, or moves one, its
 * device's standing becomes the command's state, and the job's version grows. So the counts add up
 * to the total at any moment, a device that waits has no command, and asking costs the same for one
 * device and for a hundred thousand. A device that waits and is deleted is refused as {@code
 * UNKNOWN_DEVICE} in the step that deletes it, so that a later one of its id gets nothing. When
 * nothing can be written: {@code UNAVAILABLE}.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's.
 */
public interface JobStore {
  /**
   * What a repeated request is recognised by.
   *
   * @param key the caller's own
   * @param fingerprint of the request's content
   */
  record IdempotencyKey(String key, String fingerprint) {}

  /**
   * The job that a token was first used for.
   *
   * @param id the job's id
   * @param fingerprint of that request's content
   */
  record FirstUse(String id, String fingerprint) {}

  /**
   * Keeps a new job, all of whose devices wait. It is there whole or not at all, also when the
   * process dies on the way.
   *
   * @param devices no two the same, in the order in which they are gone through
   * @param token null for none
   */
  Future<Void> keep(Job job, List<String> devices, @Nullable IdempotencyKey token);

  /** What a token's key was last used for, if not before {@code since} (ms). */
  Future<Optional<FirstUse>> original(String key, long since);

  /** The job of that id. */
  Future<Optional<Job>> get(String id);

  /** The ids of the jobs that are not over, oldest first. */
  Future<List<String>> unfinished();

  /** Notes why a device gets no command, unless it does not wait any more. */
  Future<Void> refuse(String job, JobExecution refused);

  /** Some devices that wait, at most {@code limit}, are skipped; gives how many. */
  Future<Integer> skip(String job, int limit);

  /**
   * Stops a job that is running. Refuses {@code UNKNOWN_JOB}, {@code JOB_OVER} for one that is not,
   * {@code PRECONDITION_FAILED}.
   *
   * @param precondition on its version
   */
  Future<Job> halt(String job, Job.State state, String reason, Precondition precondition);

  /** A job none of whose devices wait or have an unfinished command is over; else nothing. */
  Future<Void> end(String job, long now);

  /**
   * Jobs, newest first.
   *
   * @param states only these; empty for all
   * @param cursor {@link Page#next} of the page before; null for the first. One that this store
   *     never gave is refused as {@code INVALID}
   */
  Future<Page<Job>> list(Set<Job.State> states, @Nullable String cursor, int limit);

  /**
   * A job's devices in their order; none if there is no such job.
   *
   * @param standings only these; empty for all
   * @param cursor as for {@link #list}
   */
  Future<Page<JobExecution>> executions(
      String job, Set<ExecutionState> standings, @Nullable String cursor, int limit);

  /**
   * Forgets jobs that ended before a time (ms), oldest first, device by device; gives how many
   * devices and jobs, at most limit.
   */
  Future<Integer> trim(long endedBefore, int limit);
}
