package io.signalbox.hub.live;

import org.jspecify.annotations.Nullable;

/**
 * How far in the feed a follower has read: all pages up to one, and maybe a part of the next.
 *
 * <p>Threading: the event loop of its connection only.
 */
final class Bookmark {
  private final Feed feed;
  private FeedPage page;
  private long read;

  Bookmark(Feed feed, Feed.Place from) {
    this.feed = feed;
    this.page = from.page();
    this.read = from.offset();
  }

  /** The page that is to be read next; null at the present. */
  @Nullable FeedPage ahead() {
    return page.next;
  }

  /** Everything up to this event has been read. */
  long read() {
    return read;
  }

  /** A part of the page ahead has been read, up to this event. */
  void readTo(long offset) {
    read = Math.max(read, offset);
  }

  /** The page ahead has been read. */
  void turn(FeedPage whole) {
    page = whole;
    readTo(whole.last());
  }

  /** Whether the feed has dropped what was to be read next. */
  boolean isLost() {
    return page.next != null && !feed.keeps(page);
  }
}
