package io.signalbox.hub.feed;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One life of the feed: the kept pages in their order, which is that of their positions. Cursors
 * name it by its epoch. A log that has ended gets no more pages, and its clients cannot continue.
 *
 * <p>Threading: {@link #add} and {@link #end} one after the other; any event loop may read.
 */
final class FeedLog {
  /** How far another node may be ahead of this one's clock, in milliseconds. */
  private static final long AHEAD_MILLIS = 1_000;

  private final String epoch;
  private final FeedSettings settings;
  private final HubClock clock;
  private final FeedIndex index;
  private volatile FeedSegment newest;
  private volatile FeedSegment oldest;
  private volatile boolean ended;
  private long kept;
  private long weight;

  /**
   * An empty log.
   *
   * @param first the page before the first event
   */
  FeedLog(String epoch, FeedSettings settings, HubClock clock, FeedSegment first) {
    this.epoch = epoch;
    this.settings = settings;
    this.clock = clock;
    this.index = new FeedIndex(mostPages(settings));
    this.newest = first;
    this.oldest = first;
  }

  private static long mostPages(FeedSettings settings) {
    long byWeight = mostBytes(settings) / FeedSegment.LEAST_WEIGHT;
    return Math.min(settings.bufferEvents(), byWeight) + 1;
  }

  private static long mostBytes(FeedSettings settings) {
    return (long) settings.bufferMegabytes() << 20;
  }

  /** The clock: clients get wall time, intervals are monotonic. */
  HubClock clock() {
    return clock;
  }

  /** Identifies this log in cursors. */
  String epoch() {
    return epoch;
  }

  /** Adds an event, or all events of a batch, after the newest; returns whether there are any. */
  boolean add(Event event) {
    return add(new FeedSegment(newest.last(), event));
  }

  /** Adds the events of an entry, which is after all entries of the log. */
  boolean add(EntryId entry, List<? extends Event> events) {
    FeedPosition before = FeedSegment.before(entry);
    boolean added = false;
    for (Event event : events) {
      FeedSegment segment = new FeedSegment(before, event);
      added |= add(segment);
      before = segment.last();
    }
    return added;
  }

  private boolean add(FeedSegment segment) {
    if (segment.events() == 0) {
      return false;
    }
    newest.next = segment;
    newest = segment;
    index.add(segment);
    kept += segment.events();
    weight += segment.weight();
    evict();
    return true;
  }

  private void evict() {
    long mostBytes = mostBytes(settings);
    FeedSegment eldest = oldest;
    FeedSegment after = eldest.next;
    while (after != null
        && after != newest
        && (kept > settings.bufferEvents() || weight > mostBytes)) {
      kept -= after.events();
      weight -= after.weight();
      eldest = after;
      after = eldest.next;
    }
    oldest = eldest;
    index.dropBefore(eldest);
  }

  /** Ends the log. */
  void end() {
    ended = true;
  }

  /** Whether the log has ended: nothing follows its newest page. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether a client that has read this page can continue without a gap. */
  boolean keeps(FeedSegment segment) {
    return !oldest.last().isAfter(segment.last());
  }

  /** The cursor of a client that has received everything up to a position. */
  String cursor(FeedPosition position) {
    return position.text(epoch);
  }

  /** Whether a cursor is one of this log. */
  boolean isOwn(@Nullable String cursor) {
    return parsed(cursor) != null;
  }

  private @Nullable Cursor parsed(@Nullable String text) {
    Cursor cursor = text == null ? null : Cursor.parse(text);
    return cursor != null && cursor.epoch().equals(epoch) ? cursor : null;
  }

  /** An iterator at the end of the log. */
  FeedIterator present() {
    FeedSegment segment = newest;
    return new FeedIterator(this, segment, segment.last());
  }

  /**
   * An iterator after a cursor, for one of the subscriptions that share it; null if the cursor is
   * malformed, of another log, or no longer kept.
   */
  @Nullable FeedIterator find(String text, long subscription) {
    Cursor cursor = parsed(text);
    return cursor == null ? null : after(cursor.of(subscription));
  }

  private @Nullable FeedIterator after(FeedPosition position) {
    FeedSegment end = newest;
    if (position.isAfter(end.last())) {
      // Another node was faster: what this one has yet to read up to the position is not shown.
      return isToCome(position) ? new FeedIterator(this, end, position) : null;
    }
    FeedSegment segment = near(position);
    if (segment == null) {
      return null;
    }
    FeedSegment next = segment.next;
    while (next != null && !next.last().isAfter(position)) {
      segment = next;
      next = segment.next;
    }
    return new FeedIterator(this, segment, position);
  }

  private boolean isToCome(FeedPosition position) {
    return position.millis() > 0 && position.millis() <= clock.wallMillis() + AHEAD_MILLIS;
  }

  /** A page at most a few before the one of the position; null if it is not kept. */
  @Nullable FeedSegment near(FeedPosition position) {
    FeedSegment eldest = oldest;
    if (eldest.last().isAfter(position) || position.isAfter(newest.last())) {
      return null;
    }
    FeedSegment found = index.before(position);
    return found == null || eldest.last().isAfter(found.last()) ? eldest : found;
  }
}
