package io.signalbox.hub.cluster;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.cluster.StreamReader.Found;
import io.signalbox.hub.cluster.StreamReader.Loss;
import io.signalbox.hub.cluster.StreamReader.Raw;
import io.signalbox.hub.feed.EntryId;
import io.signalbox.hub.feed.EventFeed;
import io.signalbox.hub.store.redis.EventCodec.Decoded;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read of each stream, and where it goes: entries of other nodes to the topics, in the
 * order of their stream, and all entries to the feed, in the order of all streams.
 *
 * <p>The epoch of the feed is stored beside the streams. A node sets a new one when the order can
 * not be kept: the streams have lost entries, or an entry came before one that was delivered. Every
 * node that notices the same sets the same, and the others follow.
 *
 * <p>Threading: confined to the context; decodes many bytes on a worker thread.
 */
final class EventDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);

  /** More bytes are decoded on a worker thread. */
  private static final int MOST_BYTES = 64 * 1024;

  private final Context context;
  private final HubClock clock;
  private final StreamReader reader;
  private final EventFeed feed;
  private final Consumer<Decoded> topics;

  /** The entry of each stream that was read last. */
  private final List<EntryId> after = new ArrayList<>();

  /** The entry of each stream up to which all were published on the topics. */
  private final List<EntryId> published = new ArrayList<>();

  /** Entries that can be delivered. */
  private final List<StreamMerge.Entry> due = new ArrayList<>();

  private final LongAdder entries = new LongAdder();
  private StreamMerge merge;
  private String epoch = "";

  /** Whether streams may have more entries than were read. */
  private boolean more;

  /** Number of reads in a row that have found entries. */
  private int filled;

  private volatile long complete;

  /**
   * Nothing is read before {@link #open}.
   *
   * @param topics get what other nodes have written
   */
  EventDelivery(
      Context context,
      HubClock clock,
      StreamReader reader,
      EventFeed feed,
      Consumer<Decoded> topics) {
    this.context = context;
    this.clock = clock;
    this.reader = reader;
    this.feed = feed;
    this.topics = topics;
    this.merge = new StreamMerge(reader.count(), new EntryId(0, 0, 0));
  }

  /**
   * Starts the feed anew at what the streams have, up to half a minute ago.
   *
   * @param loss why: if streams were lost, the epoch ends, and the topics get all of them again
   */
  Future<Void> open(List<List<Integer>> groups, Loss loss) {
    String ended = loss == Loss.BEHIND ? epoch : "";
    Future<StreamBegin> found = StreamBegin.find(reader, groups, ended, EventFeed.newEpoch(clock));
    return Contexts.resumeOn(context, found).map(begin -> begin(begin, loss));
  }

  private Void begin(StreamBegin begin, Loss loss) {
    after.clear();
    after.addAll(begin.after());
    if (loss == Loss.BEHIND) {
      published.replaceAll(last -> new EntryId(0, last.stream(), 0));
    } else if (published.isEmpty()) {
      published.addAll(begin.last());
    }
    due.clear();
    more = true;
    epoch = begin.epoch();
    merge = new StreamMerge(reader.count(), begin.first());
    feed.restart(epoch, begin.first());
    return null;
  }

  /** The last entry of each of these streams that was read. */
  List<EntryId> after(List<Integer> group) {
    return group.stream().map(after::get).toList();
  }

  /** Those of the streams that may be read: entries that wait for other streams are bounded. */
  List<Integer> wanted(List<Integer> group) {
    return group.stream().filter(stream -> merge.waiting(stream) < StreamReader.MOST).toList();
  }

  /** Whether streams may have more entries now. */
  boolean hasMore() {
    return more;
  }

  /** Whether entries that were read are not in the feed. */
  boolean isWaiting() {
    return !due.isEmpty() || merge.hasWaiting();
  }

  /** Whether reads find entries one after the other. */
  boolean isBusy() {
    return filled > 1;
  }

  /** All entries of earlier milliseconds are delivered. */
  long complete() {
    return complete;
  }

  /** Number of entries that were read. */
  long entries() {
    return entries.sum();
  }

  /**
   * Delivers what was read.
   *
   * @param groups the streams that were read
   * @param found for each group
   */
  Future<Void> deliver(List<List<Integer>> groups, List<Found> found) {
    more = false;
    String stored = epoch;
    long before = entries.sum();
    List<Runnable> steps = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < found.size(); i++) {
      Found group = found.get(i);
      stored = group.epoch() == null ? stored : group.epoch();
      for (int stream : groups.get(i)) {
        List<Raw> read = group.entries().getOrDefault(stream, List.of());
        bytes += read.stream().mapToLong(entry -> entry.events().length).sum();
        steps.add(() -> add(stream, group.millis(), read));
      }
    }
    String last = stored;
    return passed(steps, bytes)
        .compose(
            done -> {
              filled = entries.sum() == before ? 0 : filled + 1;
              return settle(last);
            });
  }

  private Future<Void> passed(List<Runnable> steps, long bytes) {
    if (bytes > MOST_BYTES) {
      return context.executeBlocking(
          () -> {
            steps.forEach(Runnable::run);
            return null;
          });
    }
    steps.forEach(Runnable::run);
    return Future.succeededFuture();
  }

  /** Publishes entries on the topics, and leaves them to the merge. */
  private void add(int stream, long millis, List<Raw> read) {
    boolean isTruncated = read.size() == StreamReader.MOST;
    more |= isTruncated;
    List<StreamMerge.Entry> decoded = new ArrayList<>(read.size());
    for (Raw entry : read) {
      decoded.add(new StreamMerge.Entry(entry.id(), pass(entry).events()));
      after.set(stream, entry.id());
    }
    merge.add(stream, millis, decoded, isTruncated);
    entries.add(read.size());
  }

  private Decoded pass(Raw entry) {
    Decoded decoded = decoded(entry);
    int stream = entry.id().stream();
    if (entry.id().compareTo(published.get(stream)) > 0) {
      published.set(stream, entry.id());
      if (!reader.isOwn(entry)) {
        topics.accept(decoded);
      }
    }
    return decoded;
  }

  private Decoded decoded(Raw entry) {
    try {
      return reader.decode(entry);
    } catch (RuntimeException damaged) {
      LOG.error("Entry {} of node '{}' cannot be read", entry.id(), entry.node(), damaged);
      return new Decoded(List.of(), List.of());
    }
  }

  private Future<Void> settle(String stored) {
    due.addAll(merge.take());
    due.sort(Comparator.comparing(StreamMerge.Entry::id));
    boolean isLate = !due.isEmpty() && merge.isLate(due.getFirst().id());
    if (!isLate && epoch.equals(stored)) {
      append();
      return Future.succeededFuture();
    }
    return Contexts.resumeOn(context, reader.renewed(epoch, EventFeed.newEpoch(clock)))
        .map(
            renewed -> {
              disturbed(renewed, isLate);
              append();
              return null;
            });
  }

  private void disturbed(String renewed, boolean isLate) {
    EntryId first = isLate ? due.getFirst().id() : merge.next();
    if (isLate) {
      LOG.warn(
          "Events of the streams came late, at {} after {}: was the clock of Redis set back?"
              + " Cursors of the feed are reset",
          first,
          merge.next());
    } else {
      LOG.info("The feed has a new epoch; cursors of before are reset");
    }
    epoch = renewed;
    merge.restart(first);
    feed.restart(renewed, first);
  }

  private void append() {
    for (StreamMerge.Entry entry : due) {
      feed.append(entry.id(), entry.events());
      merge.delivered(entry.id());
    }
    due.clear();
    complete = merge.complete();
  }
}
