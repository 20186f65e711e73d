package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey;
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
 * a failed one leaves nothing. Steps are only appended: a command that is not exactly one step
 * ahead of the stored one is refused, so that two writers cannot lose each other's steps. Queries
 * see every append that succeeded before the query.
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
   * Stores commands after one step each, in order, all or none. A command of version 1 is new; any
   * other must be one version ahead of the stored one, else {@code CONFLICT}, as for a second
   * command of the same job for the same device. A new command for an unregistered device is
   * refused with {@code UNKNOWN_DEVICE}, also if the device is deleted at the same moment. {@code
   * UNAVAILABLE} if it cannot be made durable.
   *
   * @param key belongs to the one new command among them; null for none
   */
  Future<Void> append(List<Command> steps, @Nullable IdempotencyKey key);

  /** The command with that id, in any state. */
  Future<Optional<Command>> get(String id);

  /** Unfinished commands of a device, in order of creation. */
  Future<List<Command>> unfinished(String device);

  /**
   * The last use of an idempotency key for the device, if not before {@code since} (Unix
   * milliseconds). Uses for an earlier, deleted device with the id do not count.
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
