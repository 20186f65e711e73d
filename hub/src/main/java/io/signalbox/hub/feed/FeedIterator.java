package io.signalbox.hub.feed;

import org.jspecify.annotations.Nullable;

/**
 * Iterator of a client over the pages of the feed. It stands after a page, and possibly within the
 * next one.
 *
 * <p>Threading: one thread at a time, usually the event loop of the client's connection.
 */
public final class FeedIterator {
  private final FeedLog log;
  private FeedSegment page;
  private FeedPosition read;

  /**
   * An iterator after a position.
   *
   * @param page page of the position's event, or the last one before the next event
   */
  FeedIterator(FeedLog log, FeedSegment page, FeedPosition read) {
    this.log = log;
    this.page = page;
    this.read = read;
  }

  FeedLog log() {
    return log;
  }

  /** An independent iterator at the same place. */
  FeedIterator copy() {
    return new FeedIterator(log, page, read);
  }

  /** The last page that was read as a whole. */
  FeedSegment page() {
    return page;
  }

  /** The next page; null at the end of the feed. The iterator does not move. */
  @Nullable FeedSegment peek() {
    return page.next;
  }

  /** The last event that was read. */
  FeedPosition read() {
    return read;
  }

  /** Marks a part of the next page as read, up to this event. */
  void advanceTo(FeedPosition event) {
    read = FeedPosition.max(read, event);
  }

  /** Marks the next page as read. */
  void advancePast(FeedSegment whole) {
    page = whole;
    advanceTo(whole.last());
  }

  /** Whether the feed has dropped the next page, or has ended this log. */
  boolean hasGap() {
    return log.hasEnded() || (page.next != null && !log.keeps(page));
  }
}
