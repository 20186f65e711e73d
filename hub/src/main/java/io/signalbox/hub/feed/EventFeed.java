package io.signalbox.hub.feed;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.TelemetryBatch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happens, in one order: a log that all followers read at their own pace.
 *
 * <p>There is no queue for a follower. Each holds a place in the log; who is slow is simply further
 * back, and who is so slow that its place is no longer kept is told so. Memory for the feed is
 * therefore bounded by its settings, whatever the number of followers and however slow they are.
 * Resuming from a cursor is the same thing: to take a place in the log.
 *
 * <p>A cursor is {@code EPOCH-OFFSET}: the epoch tells one life of the log from another, the offset
 * counts events from 1. A follower that has a cursor has seen everything up to it ({@link Cursor}).
 *
 * <p>Threading: events are appended on the context that {@link #follow} was called on; any event
 * loop may read.
 */
public final class EventFeed {
  private static final int RADIX = 36;

  private final FeedSettings settings;
  private final HubClock clock;
  private final String epoch;
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();
  private final FeedIndex index;
  private volatile FeedSegment newest = new FeedSegment(0, NOTHING);
  private volatile FeedSegment oldest = newest;
  private long kept;
  private long weight;

  /** What the log begins with, so that there is always a page before the first event. */
  private static final Event NOTHING = new Event.DeviceChanged("", Event.Change.CREATED, Map.of());

  /** An empty log with an epoch of its own. */
  public EventFeed(FeedSettings settings, HubClock clock) {
    this.settings = settings;
    this.clock = clock;
    this.index = new FeedIndex(mostPages(settings));
    this.epoch =
        Long.toString(clock.wallMillis(), RADIX)
            + Long.toString(ThreadLocalRandom.current().nextLong(RADIX * RADIX), RADIX);
  }

  /** The clocks: what viewers are told is wall time, when they are told is monotonic. */
  HubClock clock() {
    return clock;
  }

  /** Appends everything that these topics bring, on the caller's context. */
  public void follow(Topic<TelemetryBatch> telemetry, List<Topic<? extends Event>> others) {
    telemetry.subscribe(this::append);
    others.forEach(topic -> topic.subscribe(this::append));
  }

  private static long mostPages(FeedSettings settings) {
    long byWeight = mostBytes(settings) / FeedSegment.LEAST_WEIGHT;
    return Math.min(settings.feedEvents(), byWeight) + 1;
  }

  private static long mostBytes(FeedSettings settings) {
    return (long) settings.feedMegabytes() << 20;
  }

  /** Appends one event, or the events of one batch. */
  void append(Event event) {
    FeedSegment segment = new FeedSegment(newest.last() + 1, event);
    if (segment.events() == 0) {
      return;
    }
    newest.next = segment;
    newest = segment;
    index.add(segment);
    kept += segment.events();
    weight += segment.weight();
    evict();
    readers.forEach(Runnable::run);
  }

  private void evict() {
    long mostBytes = mostBytes(settings);
    FeedSegment eldest = oldest;
    FeedSegment after = eldest.next;
    while (after != null
        && after != newest
        && (kept > settings.feedEvents() || weight > mostBytes)) {
      kept -= after.events();
      weight -= after.weight();
      eldest = after;
      after = eldest.next;
    }
    oldest = eldest;
    index.dropBefore(eldest);
  }

  /** Tells the log's life from any other. */
  String epoch() {
    return epoch;
  }

  /** Whether a follower that has read this page can go on without a gap. */
  boolean keeps(FeedSegment segment) {
    return segment.last() >= oldest.last();
  }

  /** The cursor of an event. */
  String cursor(long offset) {
    return epoch + "-" + offset;
  }

  /**
   * The place to go on from after a cursor.
   *
   * @param segment the page that holds the cursor's event, or the one before the next
   * @param offset the last event that was seen
   */
  record FeedPosition(FeedSegment segment, long offset) {}

  /** The place of the present. */
  FeedPosition present() {
    FeedSegment segment = newest;
    return new FeedPosition(segment, segment.last());
  }

  /**
   * The place of a cursor, for one of the subscriptions that share it; null if it is of another
   * life of the log, not kept any more, or no cursor at all.
   */
  @Nullable FeedPosition find(String text, long subscription) {
    Cursor cursor = Cursor.parse(text);
    if (cursor == null || !cursor.epoch().equals(epoch)) {
      return null;
    }
    long offset = cursor.of(subscription);
    FeedSegment segment = near(offset);
    if (segment == null) {
      return null;
    }
    FeedSegment next = segment.next;
    while (next != null && next.last() <= offset) {
      segment = next;
      next = segment.next;
    }
    return new FeedPosition(segment, offset);
  }

  /** A page a few steps before the one that holds the offset; null if that is not kept. */
  @Nullable FeedSegment near(long offset) {
    FeedSegment eldest = oldest;
    if (offset < eldest.last() || offset > newest.last()) {
      return null;
    }
    FeedSegment found = index.before(offset);
    return found == null || found.last() < eldest.last() ? eldest : found;
  }

  /** Calls back, on the feed's context, after each page; until the returned action is run. */
  Runnable onPage(Runnable reader) {
    readers.add(reader);
    return () -> readers.remove(reader);
  }
}
