package io.signalbox.hub.cluster;

import io.signalbox.hub.feed.EntryId;
import io.signalbox.hub.model.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Merges the entries of all streams into their one order. An entry is delivered when no stream can
 * get one before it any more: when its millisecond is over by the clock of every server, and read
 * from every stream.
 *
 * <p>A clock that is set back is waited for, if it is not far behind the entries: then those of its
 * streams would be held back for as long. They get the time at which they were read instead, which
 * is not the same on every node.
 *
 * <p>Threading: confined.
 */
final class StreamMerge {
  /** How long entries wait for a clock that is behind them, in milliseconds. */
  static final long MAX_AHEAD_MILLIS = 5_000;

  /**
   * An entry.
   *
   * @param id its place in the order
   */
  record Entry(EntryId id, List<Event> events) {}

  /** What was read of a stream and not delivered. */
  private static final class Tail {
    private final Deque<Entry> waiting = new ArrayDeque<>();

    /** The stream was read up to this millisecond, which may get more entries. */
    private long complete;

    private EntryId last;

    Tail(EntryId last) {
      this.last = last;
    }
  }

  private final List<Tail> tails = new ArrayList<>();

  /** Entries before this one come late. */
  private EntryId next;

  /**
   * Streams of which nothing was read.
   *
   * @param first entries before this one come late
   */
  StreamMerge(int streams, EntryId first) {
    next = first;
    for (int i = 0; i < streams; i++) {
      tails.add(new Tail(new EntryId(0, i, 0)));
    }
  }

  /**
   * Adds what was read of a stream.
   *
   * @param time of the server when it was read, in milliseconds
   * @param read in order
   * @param more whether the stream may have more entries now
   */
  void add(int stream, long time, List<Entry> read, boolean more) {
    Tail tail = tails.get(stream);
    long complete = time;
    for (Entry entry : read) {
      EntryId id = place(tail, entry.id(), time);
      tail.last = id;
      tail.waiting.add(new Entry(id, entry.events()));
      complete = more ? Math.min(time, id.millis()) : time;
    }
    tail.complete = complete;
  }

  private static EntryId place(Tail tail, EntryId id, long time) {
    if (id.millis() <= time + MAX_AHEAD_MILLIS) {
      return id;
    }
    EntryId last = tail.last;
    return last.millis() >= time
        ? new EntryId(last.millis(), last.stream(), last.sequence() + 1)
        : new EntryId(time, id.stream(), 0);
  }

  /** Number of entries of a stream that wait. */
  int waiting(int stream) {
    return tails.get(stream).waiting.size();
  }

  /** Whether entries wait for those of other streams. */
  boolean hasWaiting() {
    return tails.stream().anyMatch(tail -> !tail.waiting.isEmpty());
  }

  /** All entries of earlier milliseconds were read. */
  long complete() {
    return tails.stream().mapToLong(tail -> tail.complete).min().orElse(0);
  }

  /**
   * Takes the entries that no other can precede, in order. Some may be late: the clock of a server
   * was set back.
   */
  List<Entry> take() {
    long limit = complete();
    List<Entry> taken = new ArrayList<>();
    for (Tail tail : tails) {
      while (!tail.waiting.isEmpty() && tail.waiting.getFirst().id().millis() < limit) {
        taken.add(tail.waiting.removeFirst());
      }
    }
    taken.sort(Comparator.comparing(Entry::id));
    return taken;
  }

  /** Whether an entry is before one that was delivered. */
  boolean isLate(EntryId id) {
    return id.compareTo(next) < 0;
  }

  /** Notes that an entry is delivered. */
  void delivered(EntryId id) {
    next = new EntryId(id.millis(), id.stream(), id.sequence() + 1);
  }

  /** Forgets what was delivered from an entry on. */
  void restart(EntryId first) {
    next = first;
  }

  /** No entry from here on was delivered. */
  EntryId next() {
    return next;
  }
}
