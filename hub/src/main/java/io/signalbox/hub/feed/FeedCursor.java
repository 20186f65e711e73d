package io.signalbox.hub.feed;

import org.jspecify.annotations.Nullable;

/**
 * How far in the feed a follower has read: all pages up to one, and maybe a part of the next.
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

  /** The page that is to be read next; null at the present. */
  @Nullable FeedSegment next() {
    return segment.next;
  }

  /** Everything up to this event has been read. */
  long read() {
    return read;
  }

  /** A part of the page ahead has been read, up to this event. */
  void advanceTo(long offset) {
    read = Math.max(read, offset);
  }

  /** The page ahead has been read. */
  void nextSegment(FeedSegment whole) {
    segment = whole;
    advanceTo(whole.last());
  }

  /** Whether the feed has dropped what was to be read next. */
  boolean hasGap() {
    return segment.next != null && !feed.keeps(segment);
  }
}
