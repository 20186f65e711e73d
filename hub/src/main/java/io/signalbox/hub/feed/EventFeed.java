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
 * <p>The feed of one node follows its topics. A feed that several nodes share gets the entries of
 * their streams instead, in their order, after {@link #restart}: then a cursor of one node resumes
 * on every node that keeps its position.
 *
 * <p>Threading: any thread may append, one at a time ({@link SerialExecutor}); any event loop may
 * read.
 */
public final class EventFeed {
  private static final int RADIX = 36;

  private final FeedSettings settings;
  private final HubClock clock;
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();
  private final SerialExecutor appender = new SerialExecutor(this::runOnFallback);
  private volatile Executor fallback = Runnable::run;
  private volatile FeedLog log;

  /** An empty log with a new epoch. */
  public EventFeed(FeedSettings settings, HubClock clock) {
    this.settings = settings;
    this.clock = clock;
    this.log = new FeedLog(newEpoch(clock), settings, clock, FeedSegment.beforeFirst());
  }

  /** An epoch that no feed has had. */
  public static String newEpoch(HubClock clock) {
    return Long.toString(clock.wallMillis(), RADIX)
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

  /** Appends one event, or all events of a batch. */
  void append(Event event) {
    appender.execute(() -> wakeIf(log.add(event)));
  }

  /**
   * Appends the events of an entry of the streams. Entries come in their order, each once.
   *
   * @param id greater than that of all entries since the last {@link #restart}
   */
  public void append(EntryId id, List<? extends Event> events) {
    appender.execute(() -> wakeIf(log.add(id, events)));
  }

  /**
   * Starts a new log, whose entries follow. Clients of the log before cannot continue: they come
   * back with their cursors, which are resumed if the epoch is the same and the position is kept.
   *
   * @param epoch of the streams
   * @param first no entry from here on is missing
   */
  public void restart(String epoch, EntryId first) {
    FeedSegment begin = FeedSegment.begin(first);
    appender.execute(
        () -> {
          FeedLog before = log;
          log = new FeedLog(epoch, settings, clock, begin);
          before.end();
          wakeIf(true);
        });
  }

  private void wakeIf(boolean grown) {
    if (grown) {
      readers.forEach(Runnable::run);
    }
  }

  /** Identifies this life of the feed. */
  public String epoch() {
    return log.epoch();
  }

  /** The cursor of a client that has received everything up to a position. */
  String cursor(FeedPosition position) {
    return log.cursor(position);
  }

  /** An iterator at the end of the log. */
  public FeedIterator present() {
    return log.present();
  }

  /** An iterator after a cursor; see {@link FeedLog#find}. */
  @Nullable FeedIterator find(String text, long subscription) {
    return log.find(text, subscription);
  }

  /** A page at most a few before the one of the position; null if it is not kept. */
  @Nullable FeedSegment near(FeedPosition position) {
    return log.near(position);
  }

  /** Calls the reader after each page, on any thread, until the returned action is run. */
  Runnable onPage(Runnable reader) {
    readers.add(reader);
    return () -> readers.remove(reader);
  }
}
