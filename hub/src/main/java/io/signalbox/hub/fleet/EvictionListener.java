package io.signalbox.hub.fleet;

/**
 * Listener for the end of a session that the hub ends. May be called on any thread, at most once,
 * and must not block.
 */
@FunctionalInterface
public interface EvictionListener {
  /**
   * Called when the session has ended.
   *
   * @param cause {@code replaced by <address>}, with advice if the id is contested; {@code
   *     revoked}, {@code disabled}, {@code deleted}; {@code overdue} for a poller
   */
  void evicted(String cause);
}
