package io.signalbox.hub.cluster;

import io.vertx.core.Future;

/** What {@link NodeRegistry} tells the services of this node. */
public interface NodeEvents {
  /**
   * A node has stopped answering, and this one takes over what it held. Called again until the
   * future succeeds, also if another node has begun with it: must be harmless if repeated.
   */
  Future<Void> lost(String node);

  /**
   * The others took this node for lost, because it did not beat for too long: what it held is not
   * its own any more. It joins anew when the future has completed.
   */
  Future<Void> fenced();
}
