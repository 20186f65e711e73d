package io.signalbox.hub.feed;

import io.signalbox.hub.bus.SerialExecutor;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.TelemetryBatch;
import java.util.List;
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
 * <p>A client with a {@link Cursor} has received everything up to it; a {@link FeedIterator} reads
 * on from there.
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
  private volatile FeedSegment newest = FeedSegment.beforeFirst();
  private volatile FeedSegment oldest = newest;
  private long kept;
  private long weight;

  /** An empty log with a new epoch. */
  public EventFeed(FeedSettings settings, HubClock clock) {
    this.settings = settings;
    this.clock = clock;
    this.index = new FeedIndex(mostPages(settings));
    this.epoch =
        Long.toString(clock.wallMillis(), RADIX)
            + Long.toString(ThreadLocalRandom.current().nextLong(RADIX * RADIX), RADIX);
  }

  FeedSettings settings() {
    return settings;
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
    FeedSegment segment = new FeedSegment(newest.last(), event);
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
  public String epoch() {
    return epoch;
  }

  /** Whether a client that has read this page can continue without a gap. */
  boolean keeps(FeedSegment segment) {
    return !oldest.last().isAfter(segment.last());
  }

  /** The cursor of a client that has received everything up to a position. */
  String cursor(FeedPosition position) {
    return position.text(epoch);
  }

  /** Whether a cursor is one of this life of the log. */
  boolean isOwn(@Nullable String cursor) {
    return parsed(cursor) != null;
  }

  private @Nullable Cursor parsed(@Nullable String text) {
    Cursor cursor = text == null ? null : Cursor.parse(text);
    return cursor != null && cursor.epoch().equals(epoch) ? cursor : null;
  }

  /** An iterator at the end of the log. */
  public FeedIterator present() {
    FeedSegment segment = newest;
    return new FeedIterator(this, segment, segment.last());
  }

  /**
   * An iterator after a cursor, for one of the subscriptions that share it; null if the cursor is
   * malformed, of another epoch, or no longer kept.
   */
  @Nullable FeedIterator find(String text, long subscription) {
    Cursor cursor = parsed(text);
    return cursor == null ? null : after(cursor.of(subscription));
  }

  private @Nullable FeedIterator after(FeedPosition position) {
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

  /** A page at most a few before the one of the position; null if it is not kept. */
  @Nullable FeedSegment near(FeedPosition position) {
    FeedSegment eldest = oldest;
    if (eldest.last().isAfter(position) || position.isAfter(newest.last())) {
      return null;
    }
    FeedSegment found = index.before(position);
    return found == null || eldest.last().isAfter(found.last()) ? eldest : found;
  }

  /** Calls the reader after each page, on any thread, until the returned action is run. */
  Runnable onPage(Runnable reader) {
    readers.add(reader);
    return () -> readers.remove(reader);
  }
}
