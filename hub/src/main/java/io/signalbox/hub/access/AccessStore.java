package io.signalbox.hub.access;

import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Store of API keys and of the hub's secret.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded. Ids and key hashes are
 * unique, and one key with scope {@code ADMIN} is left, also if several nodes write at the same
 * moment. Writes fail with {@code UNAVAILABLE} if the store is not writable.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface AccessStore {
  /** Adds a key, or replaces the one with the same id. {@code CONFLICT} if another has the hash. */
  Future<Void> put(ApiKey key, KeyHash hash);

  /**
   * Adds a key unless there is one with scope {@code ADMIN}: of several nodes that start at the
   * same moment one adds its key. {@code CONFLICT} as for {@link #put}.
   *
   * @return whether it was added
   */
  Future<Boolean> putFirst(ApiKey key, KeyHash hash);

  /** The key with that hash. */
  Future<Optional<ApiKey>> findByHash(KeyHash hash);

  /** The key with that id. */
  Future<Optional<ApiKey>> find(String id);

  /** All keys, oldest first. */
  Future<List<ApiKey>> all();

  /**
   * Deletes a key. {@code NOT_FOUND}; {@code CONFLICT} if it is the last one with scope {@code
   * ADMIN}.
   */
  Future<Void> delete(String id);

  /** Stores when a key was last used, Unix milliseconds; does nothing for an unknown key. */
  Future<Void> used(String id, long at);

  /** The stored secret; stores and returns {@code ifNone} if there was none. */
  Future<byte[]> secret(byte[] ifNone);

  /** The refusal of a key whose hash another one has. */
  static Refusal duplicate() {
    return new Refusal(ErrorCode.CONFLICT, "the key is already stored under another id");
  }

  /** The refusal to delete a key that does not exist. */
  static Refusal unknown(String id) {
    return new Refusal(ErrorCode.NOT_FOUND, "there is no API key " + id);
  }

  /** The refusal to delete the last key with scope {@code ADMIN}. */
  static Refusal lastAdmin() {
    return new Refusal(
        ErrorCode.CONFLICT,
        "the last key with the scope admin cannot be deleted; create another one first");
  }
}
