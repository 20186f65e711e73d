package io.signalbox.hub.feed;

import io.signalbox.hub.wire.FeedEventEncoder;

/**
 * Where followers put what a viewer is told: there is one for each way that the feed takes.
 *
 * <p>Threading: the event loop of the connection only.
 */
interface EventSink {
  /** Whether the viewer keeps up: more may be put in. */
  boolean isWritable();

  /** How many events may be gathered for it while it has no room, or none is due. */
  default int capacity() {
    return Integer.MAX_VALUE;
  }

  /**
   * Puts an event in.
   *
   * @param id the subscription that is told
   * @param tail what follows the event's head
   * @param cursor to resume from, by who has been told this
   */
  void event(FeedEventEncoder.Type type, long id, byte[] tail, String cursor);
}
