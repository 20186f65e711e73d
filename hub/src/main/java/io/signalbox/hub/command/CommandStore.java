package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Page;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where commands are kept, with every step of theirs.
 *
 * <p>Contract: what {@link #append} has succeeded with survives the death of the process at any
 * later moment; what it failed with is not kept at all. Steps are only ever appended: a command
 * that is not exactly one step ahead of what is kept is refused, so that no two writers can lose
 * each other's steps. Queries see every append that succeeded before they were asked.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's.
 */
public interface CommandStore {
  /**
   * What a repeated request is recognised by.
   *
   * @param key the caller's own
   * @param fingerprint of the request's content
   */
  record IdempotencyKey(String key, String fingerprint) {}

  /**
   * The command that a token was first used for.
   *
   * @param id the command's id
   * @param fingerprint of that request's content
   */
  record FirstUse(String id, String fingerprint) {}

  /**
   * A step of the wall clock.
   *
   * @param from what it showed before, Unix milliseconds
   * @param to what it showed after
   * @param madeUntil commands that were made later than this, by the clock of before, keep their
   *     deadlines
   */
  record ClockStep(long from, long to, long madeUntil) {
    /** How far it went, ms. */
    long millis() {
      return to - from;
    }
  }

  /**
   * Keeps commands as they are after a step each, in order and all or nothing. One of version 1 is
   * new; any other is one version ahead of what is kept, else the refusal is {@code CONFLICT}; so
   * it is for a second command of the same job for the same device. A new one for a device that is
   * not registered is refused as {@code UNKNOWN_DEVICE}, whatever is deleted at the same moment.
   * What cannot be made durable fails with {@code UNAVAILABLE}.
   *
   * @param token goes with the one new command among them; null for none
   */
  Future<Void> append(List<Command> steps, @Nullable IdempotencyKey token);

  /** The command of that id, whatever its state. */
  Future<Optional<Command>> get(String id);

  /** A device's commands that are not over, in the order in which they were added. */
  Future<List<Command>> unfinished(String device);

  /**
   * What a token's key was last used for on that device, if not before {@code since} (ms). What was
   * made for a device that has been deleted since is nobody's original.
   */
  Future<Optional<FirstUse>> original(String device, String key, long since);

  /**
   * The first devices after that id, in the order of their ids, that have a command in the state
   * {@code SENT}, at most {@code limit}.
   */
  Future<List<String>> awaitingAnswer(String after, int limit);

  /**
   * Some devices that have an unfinished command and are not registered any more, at most {@code
   * limit}.
   */
  Future<List<String>> orphaned(int limit);

  /** Some devices that have an unfinished command with {@code expires <= now}, soonest first. */
  Future<List<String>> due(long now, int limit);

  /**
   * Moves the deadlines of all unfinished commands by a step of the wall clock, all or none: when
   * they expire, when the lease of those that are {@code SENT} ends, when those that are queued are
   * expected. A command whose {@code notBefore} is still to come after the step keeps its own; one
   * whose {@code notBefore} the step has gone over begins with the step. No step is added.
   */
  Future<Void> moveDeadlines(ClockStep step);

  /**
   * A page of commands, newest first. One of a device leaves out what was made for a former device
   * of that id. {@code UNKNOWN_DEVICE} if it is to be of a device that is not registered, {@code
   * INVALID} for a cursor that this store never gave.
   */
  Future<Page<Command>> list(CommandQuery query);

  /**
   * Forgets commands that ended before a time (ms), oldest first; gives how many, at most limit.
   */
  Future<Integer> trim(long endedBefore, int limit);
}
