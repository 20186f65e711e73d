package io.signalbox.hub.feed;

/**
 * Takes what the feed has for one or more subscriptions, and tells the viewer.
 *
 * <p>Threading: the event loop of its connection only.
 */
sealed interface FeedReader permits LosslessReader, ConflatingReader {
  /** Takes in what the feed has, and tells what is due, as far as there is room. */
  void deliver(EventSink sink, long now);

  /** Tells what it has held back. */
  void flush(EventSink sink, long now);

  /** Whether events were dropped that are still to be told: it cannot go on. */
  boolean hasGap();

  /** The subscription has been told everything up to here. */
  long deliveredUpTo(long id);
}
