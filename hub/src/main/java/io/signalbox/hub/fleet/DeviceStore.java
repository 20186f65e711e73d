package io.signalbox.hub.fleet;

import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the devices' entries are kept.
 *
 * <p>Contract: each call is one atomic step; what has succeeded is durable and is seen by every
 * later call. Changes succeed in the order in which they were made. Ids and key hashes are unique.
 * When nothing can be written: {@code UNAVAILABLE}.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's.
 */
public interface DeviceStore {
  /** Adds those that can be added, and tells of each, in order, what became of it. */
  Future<List<Insertion>> insert(List<Entry> entries);

  /** The device with that id. */
  Future<Optional<Device>> find(String id);

  /** Of these ids those that differ from another device's in case only, each with one such id. */
  Future<Map<String, String>> differingInCase(List<String> ids);

  /** The device whose key has that hash. */
  Future<Optional<Device>> findByKey(KeyHash key);

  /**
   * A page of devices. {@code INVALID} if the cursor is not of such a list. The presence filter
   * goes by what {@link SessionStore} holds.
   */
  Future<Page<Device>> list(DeviceQuery query);

  /**
   * Changes an entry and answers how it is now. {@code UNKNOWN_DEVICE}, or what the patch refuses.
   */
  Future<Device> update(String id, DevicePatch patch);

  /** Gives the device another key. {@code UNKNOWN_DEVICE}; {@code INVALID} if the key is taken. */
  Future<Void> rekey(String id, KeyHash key);

  /**
   * Removes the entry, its session and its twin, and keeps a {@link DeletionRecord} in the same
   * step. {@code UNKNOWN_DEVICE}.
   */
  Future<Void> delete(String id);

  /** The deletion of that device, if it is not over. */
  Future<Optional<DeletionRecord>> deletion(String id);

  /** Deletions that are not over, after that number, oldest first. */
  Future<List<DeletionRecord>> deletions(long after, int limit);

  /** Every store has removed what it kept; of a deletion that is over this changes nothing. */
  Future<Void> deletionSettled(String id);

  /** The deletion is over and not kept any more. */
  Future<Void> deletionOver(String id);

  /** How many there are. */
  Future<Long> count();

  /** An entry and the hash of its key. */
  record Entry(Device device, KeyHash key) {}

  /** What became of an entry that was to be added. */
  enum Insertion {
    DONE,
    ID_TAKEN,
    KEY_TAKEN,
    /** A deletion of a device of that id is not over. */
    BEING_DELETED
  }
}
