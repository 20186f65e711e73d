package io.signalbox.hub.fleet;

import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Store of devices.
 *
 * <p>Contract: each call is one atomic step; what has succeeded is durable and visible to every
 * later call. Changes succeed in the order of the calls. Ids and key hashes are unique. Writes fail
 * with {@code UNAVAILABLE} if the store is not writable.
 *
 * <p>{@link #delete} is one atomic step over all stores on the same data:
 *
 * <ul>
 *   <li>It deletes the device, its key, its session ({@link SessionStore}), its twin with the
 *       history ({@link TwinStore}), its descriptions and units ({@link DescriptionStore}), the
 *       entries of the flight recorder, and the idempotency keys of its commands. What other calls
 *       write at the same moment is deleted as well or refused; none of it comes back.
 *   <li>It refuses the executions of jobs in which the device waits.
 *   <li>It keeps the commands and all other executions: they have ids of their own. It keeps what
 *       the store needs so that session epochs and queue revisions are never given twice.
 *   <li>It keeps the readings, if they are in a store that shares no transaction with this one. The
 *       {@link DeletionRecord} reserves the id until they are deleted too.
 * </ul>
 *
 * <p>A successor, which is a later device with the same id, starts like any new device: it sees
 * nothing of what was deleted, its versions begin again, and its list of commands begins after the
 * last command of the former device.
 *
 * <p>Changes take a callback. The store calls these callbacks in the order of the commits, one at a
 * time, each before the future of its change completes, so events that they publish have the order
 * of the changes. Continuations of the futures have no such order.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface DeviceStore {
  /**
   * Inserts the entries that can be inserted; returns the outcome of each, in order.
   *
   * @param committed called with the outcomes when they are durable; its order is described above
   */
  Future<List<Insertion>> insert(List<Entry> entries, Consumer<List<Insertion>> committed);

  /** The device with that id. */
  Future<Optional<Device>> find(String id);

  /** The given ids that differ from another device's id only in case, each with one such id. */
  Future<Map<String, String>> differingInCase(List<String> ids);

  /** The types of these devices, empty for one without; unknown ids are left out. */
  Future<Set<Optional<String>>> typesOf(List<String> ids);

  /** The device whose key has that hash. */
  Future<Optional<Device>> findByKey(KeyHash key);

  /**
   * A page of devices. {@code INVALID} if the cursor belongs to another list. The presence filter
   * uses the state in {@link SessionStore}.
   */
  Future<Page<Device>> list(DeviceQuery query);

  /**
   * Changes a device and returns the result. {@code UNKNOWN_DEVICE}, or the refusal of the patch.
   *
   * @param committed called with the result when it is durable; its order is described above
   */
  Future<Device> update(String id, DevicePatch patch, Consumer<Device> committed);

  /**
   * Replaces a key. {@code UNKNOWN_DEVICE}; {@code INVALID} if another device has the key.
   *
   * @param committed called with the device when the change is durable; its order is described
   *     above
   */
  Future<Void> rekey(String id, KeyHash key, Consumer<Device> committed);

  /**
   * Deletes a device and what it owns, as described above, and writes a {@link DeletionRecord} in
   * the same atomic step. {@code UNKNOWN_DEVICE}; then there is no record.
   *
   * @param committed called when the deletion is durable; its order is described above
   */
  Future<Void> delete(String id, Runnable committed);

  /** The deletion of the device, if it is incomplete. */
  Future<Optional<DeletionRecord>> deletion(String id);

  /** Incomplete deletions after that number, oldest first. */
  Future<List<DeletionRecord>> deletions(long after, int limit);

  /** Marks that every store has deleted its data; no effect on a completed deletion. */
  Future<Void> deletionSettled(String id);

  /** Removes the deletion record. */
  Future<Void> deletionOver(String id);

  /** Number of devices. */
  Future<Long> count();

  /** A device and the hash of its key. */
  record Entry(Device device, KeyHash key) {}

  /** Outcome of an insertion. */
  enum Insertion {
    DONE,
    ID_TAKEN,
    KEY_TAKEN,
    /** The deletion of a device with this id is incomplete. */
    BEING_DELETED
  }
}
