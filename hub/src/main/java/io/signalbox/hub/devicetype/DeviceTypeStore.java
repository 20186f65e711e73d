package io.signalbox.hub.devicetype;

import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Store of device types and their versions.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded. A change makes a new
 * version, numbered from 1; the newest {@value #KEPT_VERSIONS} of each type are kept, also after it
 * was deleted, and a type that is defined again goes on counting, so that no version names two
 * documents. Of deleted types the newest {@value #KEPT_DELETED} are remembered. Writes fail with
 * {@code UNAVAILABLE} if the store is not writable.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface DeviceTypeStore {
  /** Maximum number of types. */
  int MAX_TYPES = 1_000;

  /** Number of kept versions of a type. */
  int KEPT_VERSIONS = 100;

  /** Number of deleted types whose versions are kept. */
  int KEPT_DELETED = 1_000;

  /** The type with that name, if it is defined. */
  Future<Optional<StoredType>> find(String name);

  /**
   * Applies a change to the present document and stores the result as a new version, unless it is
   * the same. The refusal of the change; {@code CONFLICT} if there are {@value #MAX_TYPES} types.
   *
   * @param change pure and quick: it may be applied several times, on the store's thread
   * @param by who changes it
   * @param at Unix milliseconds
   * @param committed called with the revision when it is durable: in the order of the commits, one
   *     call at a time, before the future completes
   */
  Future<Revision> revise(
      String name, Change change, String by, long at, Consumer<Revision> committed);

  /**
   * Deletes a type, which makes a version without a document. {@code UNKNOWN_DEVICE_TYPE}, {@code
   * PRECONDITION_FAILED}.
   *
   * @param committed called with that version when it is durable, as for {@link #revise}
   */
  Future<Void> delete(
      String name, Precondition precondition, String by, long at, Consumer<StoredType> committed);

  /**
   * Types by name.
   *
   * @param cursor {@link Page#next} of the previous page; null for the first
   */
  Future<Page<StoredType>> list(@Nullable String cursor, int limit);

  /**
   * The kept versions of a type, newest first. {@code UNKNOWN_DEVICE_TYPE} if there are none,
   * {@code INVALID} if the cursor was not issued by the store.
   */
  Future<Page<StoredType>> versions(String name, @Nullable String cursor, int limit);

  /** The refusal of a new type when there are {@value #MAX_TYPES}. */
  static Refusal full() {
    return new Refusal(
        ErrorCode.CONFLICT,
        "there are %d device types, which is the limit; delete one first".formatted(MAX_TYPES));
  }

  /**
   * A version of a type.
   *
   * @param version from 1
   * @param ts Unix milliseconds
   * @param by who made it
   * @param document compact JSON; null if this version deleted the type
   */
  record StoredType(String name, long version, long ts, String by, @Nullable String document) {}

  /** A change of a document; may throw a refusal. */
  @FunctionalInterface
  interface Change {
    /** The new document as compact JSON; the present type is null if it is not defined. */
    String appliedTo(@Nullable StoredType present);
  }

  /** A type before and after a change; equal if nothing changed. */
  record Revision(@Nullable StoredType before, StoredType after) {
    /** Whether the type was not defined before. */
    public boolean isNew() {
      return before == null;
    }

    /** Whether it made a version. */
    public boolean isChange() {
      return !after.equals(before);
    }
  }
}
