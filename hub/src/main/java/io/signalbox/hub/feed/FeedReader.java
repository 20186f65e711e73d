package io.signalbox.hub.feed;

/**
 * Reads the feed for one or more subscriptions and writes to a client.
 *
 * <p>Threading: the event loop of its connection only.
 */
sealed interface FeedReader permits LosslessReader, ConflatingReader {
  /** Reads new events and sends those that are due, while there is room. */
  void deliver(EventSink sink, long now);

  /** Sends all merged updates. */
  void flush(EventSink sink, long now);

  /**
   * Whether the feed has dropped events that were not sent yet, so that the reader cannot continue.
   */
  boolean hasGap();

  /** Last event that the subscription has received. */
  FeedPosition deliveredUpTo(long id);
}
