package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Where twins are kept.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded; revisions of one twin
 * succeed in the order of its versions. When nothing can be written: {@code UNAVAILABLE}.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's.
 */
public interface TwinStore {
  /** A device's twin, empty if nobody has said anything. {@code UNKNOWN_DEVICE}. */
  Future<Twin> find(String device);

  /**
   * Puts what the change makes of the present twin in its place, and into its history. {@code
   * UNKNOWN_DEVICE}, or what the change refuses.
   *
   * @param change pure and quick: it may be applied several times, on the store's thread
   * @param by who wants it
   * @param at Unix milliseconds
   */
  Future<Revision> revise(String device, Change change, String by, long at);

  /**
   * The newest changes of a device's twin, newest first; a bounded number of each side is kept.
   * {@code UNKNOWN_DEVICE}, {@code INVALID} if the cursor is not one of the store's.
   *
   * @param side null for both
   */
  Future<Page<TwinChange>> history(
      String device, TwinChange.@Nullable Side side, @Nullable String cursor, int limit);

  /** What is to become of a twin; may refuse. */
  @FunctionalInterface
  interface Change {
    Twin appliedTo(Twin present);
  }

  /** A twin before and after; equal if there was nothing to change. */
  record Revision(Twin before, Twin after) {
    /** Whether there is a new version. */
    public boolean isChange() {
      return !before.equals(after);
    }
  }
}
