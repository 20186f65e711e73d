package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Store of twins.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded; revisions of a twin
 * succeed in the order of its versions. {@link DeviceStore#delete} deletes the twin with its
 * history; a later device with the id begins with an empty twin of version 0. Writes fail with
 * {@code UNAVAILABLE} if the store is not writable.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface TwinStore {
  /** The twin of a device, empty by default. {@code UNKNOWN_DEVICE}. */
  Future<Twin> find(String device);

  /**
   * Applies a change to the present twin and stores the result and its history. {@code
   * UNKNOWN_DEVICE}, or the refusal of the change.
   *
   * @param change pure and quick: it may be applied several times, on the store's thread
   * @param by who changes it
   * @param at Unix milliseconds
   * @param committed called with the revision when it is durable: in the order of the commits, one
   *     call at a time, before the future completes. Continuations of futures have no such order,
   *     because a caller may add one only after the store has completed the next future as well.
   */
  Future<Revision> revise(
      String device, Change change, String by, long at, Consumer<Revision> committed);

  /**
   * The changes of a twin, newest first; a limited number is kept for each half. {@code
   * UNKNOWN_DEVICE}, {@code INVALID} if the cursor was not issued by the store.
   *
   * @param side null for both
   */
  Future<Page<TwinChange>> history(
      String device, TwinChange.@Nullable Side side, @Nullable String cursor, int limit);

  /** A change of a twin; may throw a refusal. */
  @FunctionalInterface
  interface Change {
    Twin appliedTo(Twin present);
  }

  /** A twin before and after; equal if nothing changed. */
  record Revision(Twin before, Twin after) {
    /** Whether there is a new version. */
    public boolean isChange() {
      return !before.equals(after);
    }
  }
}
