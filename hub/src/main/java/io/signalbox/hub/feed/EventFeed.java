package io.signalbox.hub.feed;

import io.signalbox.hub.bus.SerialExecutor;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.TelemetryBatch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The event feed: a log of all events in one order, which every client reads at its own pace.
 *
 * <p>There is no queue per client. Each client holds a position in the log; a slow one is further
 * back, and one whose position is no longer kept gets a reset. The memory of the feed is therefore
 * bounded by its settings, for any number of clients and however slow they are. Resuming from a
 * cursor works the same way: it is a position in the log.
 *
 * <p>A cursor is {@code EPOCH-OFFSET}: the epoch identifies one life of the log, the offset counts
 * events from 1. A client with a cursor has received everything up to it ({@link Cursor}).
 *
 * <p>Threading: any thread may append, one at a time ({@link SerialExecutor}); any event loop may
 * read.
 */
public final class EventFeed {
  private static final int RADIX = 36;

  private final FeedSettings settings;
  private final HubClock clock;
  private final String epoch;
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();
  private final FeedIndex index;
  private final SerialExecutor appender = new SerialExecutor(this::runOnFallback);
  private volatile Executor fallback = Runnable::run;
  private volatile FeedSegment newest = new FeedSegment(0, NOTHING);
  private volatile FeedSegment oldest = newest;
  private long kept;
  private long weight;

  /** First entry of the log, so that there is always a page before the first event. */
  private static final Event NOTHING = new Event.DeviceChanged("", Event.Change.CREATED, Map.of());

  /** An empty log with a new epoch. */
  public EventFeed(FeedSettings settings, HubClock clock) {
    this.settings = settings;
    this.clock = clock;
    this.index = new FeedIndex(mostPages(settings));
    this.epoch =
        Long.toString(clock.wallMillis(), RADIX)
            + Long.toString(ThreadLocalRandom.current().nextLong(RADIX * RADIX), RADIX);
  }

  /** The clock: clients get wall time, intervals are monotonic. */
  HubClock clock() {
    return clock;
  }

  /**
   * Appends all events of these topics from now on.
   *
   * @param spare continues where a publisher has appended enough for others
   */
  public void follow(
      Executor spare, Topic<TelemetryBatch> telemetry, List<Topic<? extends Event>> others) {
    fallback = spare;
    telemetry.listen(this::append);
    others.forEach(topic -> topic.listen(this::append));
  }

  private void runOnFallback(Runnable task) {
    fallback.execute(task);
  }

  private static long mostPages(FeedSettings settings) {
    long byWeight = mostBytes(settings) / FeedSegment.LEAST_WEIGHT;
    return Math.min(settings.bufferEvents(), byWeight) + 1;
  }

  private static long mostBytes(FeedSettings settings) {
    return (long) settings.bufferMegabytes() << 20;
  }

  /** Appends one event, or all events of a batch. */
  void append(Event event) {
    appender.execute(() -> add(event));
  }

  private void add(Event event) {
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
        && (kept > settings.bufferEvents() || weight > mostBytes)) {
      kept -= after.events();
      weight -= after.weight();
      eldest = after;
      after = eldest.next;
    }
    oldest = eldest;
    index.dropBefore(eldest);
  }

  /** Identifies this life of the log. */
  String epoch() {
    return epoch;
  }

  /** Whether a client that has read this page can continue without a gap. */
  boolean keeps(FeedSegment segment) {
    return segment.last() >= oldest.last();
  }

  /** The cursor of an event. */
  String cursor(long offset) {
    return epoch + "-" + offset;
  }

  /**
   * A position after a cursor.
   *
   * @param segment page of the cursor's event, or the one before the next event
   * @param offset last event that the client has
   */
  record FeedPosition(FeedSegment segment, long offset) {}

  /** The position at the end of the log. */
  FeedPosition present() {
    FeedSegment segment = newest;
    return new FeedPosition(segment, segment.last());
  }

  /**
   * The position of a cursor for one of the subscriptions that share it; null if it is malformed,
   * of another epoch, or no longer kept.
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

  /** A page at most a few before the one with the offset; null if it is not kept. */
  @Nullable FeedSegment near(long offset) {
    FeedSegment eldest = oldest;
    if (offset < eldest.last() || offset > newest.last()) {
      return null;
    }
    FeedSegment found = index.before(offset);
    return found == null || found.last() < eldest.last() ? eldest : found;
  }

  /** Calls the reader after each page, on any thread, until the returned action is run. */
  Runnable onPage(Runnable reader) {
    readers.add(reader);
    return () -> readers.remove(reader);
  }
}
