package io.signalbox.hub.fleet;

/**
 * How a session is told that it is over. May be called on any thread, at most once, and must not
 * block.
 */
@FunctionalInterface
public interface EvictionListener {
  /**
   * The session is over.
   *
   * @param cause {@code replaced by <address>}, in a fight with what that means for the device;
   *     {@code revoked}, {@code disabled}, {@code deleted}; {@code overdue} for a poller
   */
  void evicted(String cause);
}
