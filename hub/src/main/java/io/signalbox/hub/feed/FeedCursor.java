package io.signalbox.hub.feed;

import org.jspecify.annotations.Nullable;

/**
 * Read position of a client in the feed: all pages up to one, and possibly a part of the next.
 *
 * <p>Threading: the event loop of its connection only.
 */
final class FeedCursor {
  private final EventFeed feed;
  private FeedSegment segment;
  private long read;

  FeedCursor(EventFeed feed, EventFeed.FeedPosition from) {
    this.feed = feed;
    this.segment = from.segment();
    this.read = from.offset();
  }

  /** The next page to read; null at the end of the feed. */
  @Nullable FeedSegment next() {
    return segment.next;
  }

  /** The last event that was read. */
  long read() {
    return read;
  }

  /** Marks a part of the next page as read, up to this event. */
  void advanceTo(long offset) {
    read = Math.max(read, offset);
  }

  /** Marks the next page as read. */
  void nextSegment(FeedSegment whole) {
    segment = whole;
    advanceTo(whole.last());
  }

  /** Whether the feed has dropped the next page. */
  boolean hasGap() {
    return segment.next != null && !feed.keeps(segment);
  }
}
