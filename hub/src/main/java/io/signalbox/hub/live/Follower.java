package io.signalbox.hub.live;

/**
 * Takes what the feed has for one or more subscriptions, and tells the viewer.
 *
 * <p>Threading: the event loop of its connection only.
 */
sealed interface Follower permits EveryEvent, Conflated {
  /** Takes in what the feed has, and tells what is due, as far as there is room. */
  void pump(Outbox outbox, long now);

  /** Tells what it has held back. */
  void flush(Outbox outbox, long now);

  /** Whether events were dropped that are still to be told: it cannot go on. */
  boolean isLost();

  /** The subscription has been told everything up to here. */
  long told(long id);
}
