package io.signalbox.hub.job;

import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
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
 * Store of jobs and their executions.
 *
 * <p>Contract: what has succeeded is durable. Writes fail with {@code UNAVAILABLE} if the store is
 * not writable. The counts of a job are stored, not computed. These steps change an execution, and
 * each is atomic with the counts and the version of its job:
 *
 * <ul>
 *   <li>An append to {@code CommandStore} with a command of the job, new or in another state: the
 *       execution of the command's device gets the command and its state, whatever its own was. If
 *       the job was deleted the command is stored all the same.
 *   <li>{@link #refuse} and {@link #skip}, for executions that are waiting.
 *   <li>The deletion of a device: its waiting executions in all unfinished jobs are refused with
 *       {@code UNKNOWN_DEVICE}, so that a later device with the id gets no command of them. All
 *       other executions of the device stay, and what is left of its commands still moves them.
 * </ul>
 *
 * <p>Whatever is refused changes none of them. So the counts equal the executions and add up to the
 * total at any moment, also when several nodes write; a waiting device has no command; and reading
 * the counts costs the same for one device and for a hundred thousand. A changed execution raises
 * the version, several that one step changes at least once.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface JobStore {
  /** Outcome of {@link #keep}. */
  sealed interface KeepResult {
    /** The job is durable. */
    record Created() implements KeepResult {}

    /** An earlier request has used the idempotency key; nothing is stored. */
    record AlreadyMade(FirstUse first) implements KeepResult {}
  }

  /**
   * Stores a new job with all devices waiting, if its idempotency key is unused; atomically, even
   * if the process is killed meanwhile: of several calls with one key, on one node or on several,
   * one creates its job.
   *
   * @param devices distinct ids, in the order of processing
   * @param claim null for none
   */
  Future<KeepResult> keep(Job job, List<String> devices, @Nullable Claim claim);

  /**
   * The last use of an idempotency key, if not before {@code since} (Unix milliseconds): a
   * repetition is recognized before its devices are looked for, which may be others by now.
   */
  Future<Optional<FirstUse>> original(String key, long since);

  /** The job with that id. */
  Future<Optional<Job>> get(String id);

  /** The ids of unfinished jobs, oldest first. */
  Future<List<String>> unfinished();

  /** Stores why a device gets no command, unless it is not waiting any more. */
  Future<Void> refuse(String job, JobExecution refused);

  /** Skips waiting devices, at most {@code limit}; returns the number. */
  Future<Integer> skip(String job, int limit);

  /**
   * Aborts or cancels a running job. {@code UNKNOWN_JOB}, {@code JOB_FINISHED} if it is not
   * running, {@code PRECONDITION_FAILED}.
   *
   * @param precondition on its version
   */
  Future<Job> halt(String job, Job.State state, String reason, Precondition precondition);

  /** Ends a job without waiting devices and unfinished commands; otherwise does nothing. */
  Future<Void> end(String job, long now);

  /**
   * Jobs, newest first.
   *
   * @param states only these; empty for all
   * @param cursor {@link Page#next} of the previous page; null for the first. {@code INVALID} if
   *     the store did not issue it
   */
  Future<Page<Job>> list(Set<Job.State> states, @Nullable String cursor, int limit);

  /**
   * Executions of a job in the order of its devices; empty if the job does not exist.
   *
   * @param standings only these; empty for all
   * @param cursor as for {@link #list}
   */
  Future<Page<JobExecution>> executions(
      String job, Set<ExecutionState> standings, @Nullable String cursor, int limit);

  /**
   * Deletes jobs that ended before a time (Unix milliseconds), oldest first, device by device;
   * returns the number of deleted devices and jobs, at most {@code limit}.
   */
  Future<Integer> trim(long endedBefore, int limit);
}
