package io.signalbox.hub.fleet;

import io.signalbox.hub.model.SessionEnd;

/**
 * Listener for the end of a session that the hub ends. May be called on any thread, at most once,
 * and must not block.
 */
@FunctionalInterface
public interface EvictionListener {
  /** Called when the session has ended. */
  void evicted(SessionEnd end);
}
