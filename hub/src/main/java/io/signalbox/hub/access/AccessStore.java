package io.signalbox.hub.access;

import io.signalbox.hub.keys.KeyHash;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Where API keys and the hub's secret are kept.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded. Ids and key hashes are
 * unique. When nothing can be written: {@code UNAVAILABLE}.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's.
 */
public interface AccessStore {
  /** Adds a key; one of the same id is replaced. {@code CONFLICT} if another has that hash. */
  Future<Void> put(ApiKey key, KeyHash hash);

  /** The key with that hash. */
  Future<Optional<ApiKey>> findByHash(KeyHash hash);

  /** The key with that id. */
  Future<Optional<ApiKey>> find(String id);

  /** All keys, oldest first. */
  Future<List<ApiKey>> all();

  /** Removes a key. {@code NOT_FOUND}; {@code CONFLICT} if no other has the scope {@code ADMIN}. */
  Future<Void> delete(String id);

  /** Keeps when a key was last used. */
  Future<Void> used(String id, long at);

  /** The secret that was kept first; this one if there was none. */
  Future<byte[]> secret(byte[] ifNone);
}
