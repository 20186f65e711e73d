package io.signalbox.hub.live;

/**
 * One subscription's place in the feed, and how it gets from there to the present.
 *
 * <p>Threading: the event loop of its connection only.
 */
sealed interface Follower permits EveryEvent, Conflated {
  /** The viewer's name for the subscription. */
  long id();

  /** What it wants. */
  Filter filter();

  /** Takes in what the feed has, and writes what is due. */
  void pump(Outbox outbox, long now);

  /** Whether the feed has dropped events that this follower has not read: it cannot go on. */
  boolean isLost();

  /** The cursor up to which the viewer has been told everything. */
  String cursor();
}
