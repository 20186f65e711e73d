package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Page;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Store of commands with their timelines.
 *
 * <p>Contract: a successful {@link #append} survives the death of the process at any later moment;
 * a failed one leaves nothing. Queries see every append that succeeded before the query.
 *
 * <p>An append of a command that belongs to a job also sets the execution of its device, in the
 * same atomic step; {@code JobStore} says how.
 *
 * <p>The deletion of a device keeps its commands, finished or not, with their timelines: {@link
 * #get} and a list by job have them until {@link #trim} deletes them, and unfinished ones can be
 * ended. In the same step it deletes their idempotency keys and ends the revision of the queue. A
 * later device with the id has none of the commands in its lists and none of the keys. Of its queue
 * it has what was not ended before it was registered, so whoever deletes a device ends its commands
 * before {@code DeviceStore} frees the id.
 *
 * <p>A device's queue, which is its unfinished commands, has a revision. It grows with each append,
 * and also when the device is deleted: a revision that was read before fits neither the commands
 * that are left nor a later device with the same id. Of several writers that have read the same
 * revision, on one node or on several, exactly one succeeds; the others read the queue again. While
 * no device with the id is registered, the revision is 0 and does not grow: what is left of its
 * commands can only end, and the versions of the commands order that.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface CommandStore {
  /**
   * A step of the wall clock.
   *
   * @param from wall time before the step, Unix milliseconds
   * @param to wall time after the step
   * @param madeUntil commands created later than this, by the clock before the step, keep their
   *     deadlines
   */
  record ClockStep(long from, long to, long madeUntil) {
    /** Size of the step, ms. */
    long millis() {
      return to - from;
    }
  }

  /**
   * The queue of a device as it was read.
   *
   * @param commands unfinished commands, in order of creation
   * @param revision revision of the queue
   */
  record QueueSnapshot(List<Command> commands, long revision) {}

  /** Outcome of an append. Only {@link Appended} has changed anything. */
  sealed interface AppendResult {
    /**
     * The steps are durable.
     *
     * @param revision the new revision of the queue
     */
    record Appended(long revision) implements AppendResult {}

    /** An earlier request has used the idempotency key. */
    record AlreadyMade(FirstUse first) implements AppendResult {}

    /**
     * The queue has changed since it was read.
     *
     * @param revision the present revision
     */
    record Conflict(long revision) implements AppendResult {}
  }

  /**
   * Stores commands of one device after one step each, in order, all or none, if the queue still
   * has that revision and the idempotency key is unused; one atomic step. A used key is found
   * first, whatever the revision.
   *
   * <p>A command of version 1 is new; any other must be one version ahead of the stored one, else
   * {@code CONFLICT}, as for a second command of the same job for the same device. A new command
   * for an unregistered device is refused with {@code UNKNOWN_DEVICE}, also if the device is
   * deleted at the same moment. {@code UNAVAILABLE} if it cannot be made durable.
   *
   * @param revision of the queue that the steps are based on
   * @param steps at least one
   * @param claim of the one new command among them; null for none
   */
  Future<AppendResult> append(long revision, List<Command> steps, @Nullable Claim claim);

  /** The command with that id, in any state. */
  Future<Optional<Command>> get(String id);

  /** The queue of a device. */
  Future<QueueSnapshot> unfinished(String device);

  /**
   * The last use of an idempotency key for the device, if not before {@code since} (Unix
   * milliseconds): for a request that is refused before it can append. Uses for an earlier, deleted
   * device with the id do not count.
   */
  Future<Optional<FirstUse>> original(String device, String key, long since);

  /**
   * The first devices after that id, sorted by id, with a command in state {@code SENT}, at most
   * {@code limit}.
   */
  Future<List<String>> awaitingAnswer(String after, int limit);

  /**
   * Devices that have unfinished commands but are not registered any more, at most {@code limit}.
   */
  Future<List<String>> orphaned(int limit);

  /** Devices with an unfinished command with {@code expires <= now}, earliest first. */
  Future<List<String>> due(long now, int limit);

  /**
   * Shifts the deadlines of all unfinished commands by a step of the wall clock, all or none: the
   * expiry, the end of the lease of {@code SENT} commands, the expected delivery of queued ones. A
   * command whose {@code notBefore} is still in the future after the step keeps its deadlines; one
   * whose {@code notBefore} was skipped by the step starts at the step. No timeline step is added.
   */
  Future<Void> moveDeadlines(ClockStep step);

  /**
   * A page of commands, newest first. Commands of an earlier device with the same id are omitted.
   * {@code UNKNOWN_DEVICE} if the device is not registered, {@code INVALID} if the store did not
   * issue the cursor.
   */
  Future<Page<Command>> list(CommandQuery query);

  /**
   * Deletes commands that ended before a time (Unix milliseconds), oldest first; returns the
   * number, at most {@code limit}.
   */
  Future<Integer> trim(long endedBefore, int limit);
}
