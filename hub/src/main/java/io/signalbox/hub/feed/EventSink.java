package io.signalbox.hub.feed;

import io.signalbox.hub.wire.FeedEventEncoder;

/**
 * Output of a feed client, one implementation per transport.
 *
 * <p>Threading: the event loop of the connection only.
 */
public interface EventSink {
  /** Whether the client keeps up and more events may be added. */
  boolean isWritable();

  /** How many more events may be buffered. */
  default int capacity() {
    return Integer.MAX_VALUE;
  }

  /**
   * Adds an event.
   *
   * @param id subscription that receives it
   * @param tail the encoded event after its head
   * @param cursor position to resume from for a client that has received this event
   */
  void event(FeedEventEncoder.Type type, long id, byte[] tail, String cursor);
}
