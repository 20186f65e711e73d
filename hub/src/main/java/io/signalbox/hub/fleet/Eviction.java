package io.signalbox.hub.fleet;

/**
 * How a session is told that it is over. May be called on any thread, at most once, and must not
 * block.
 */
@FunctionalInterface
public interface Eviction {
  /**
   * The session is over.
   *
   * @param cause {@code replaced}, {@code replaced, flapping}, {@code revoked}, {@code disabled},
   *     {@code deleted}
   */
  void evicted(String cause);
}
