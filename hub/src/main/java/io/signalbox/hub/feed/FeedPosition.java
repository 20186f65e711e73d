package io.signalbox.hub.feed;

import java.util.Comparator;

/**
 * Opaque position in the feed: that of an event, or the one before the first event. Positions have
 * a total order and are written into cursors.
 *
 * <p>In the feed of one node a position is the number of events up to it. In a feed that several
 * nodes share it is the {@link EntryId} of an entry, with the number of its events up to it, so
 * that every node gives an event the same position.
 *
 * <p>{@link FeedSegment} assigns positions to its events, and nothing else computes them: readers,
 * clients and transports compare positions, take the least or the greatest, and write them.
 * Immutable; safe on any thread.
 */
final class FeedPosition implements Comparable<FeedPosition> {
  /** The position before the first event. */
  static final FeedPosition START = new FeedPosition(0, 0);

  private static final Comparator<FeedPosition> ORDER =
      Comparator.<FeedPosition>comparingLong(position -> position.origin)
          .thenComparingLong(position -> position.offset);

  /** Radix of the text of an entry's position. */
  private static final int RADIX = 36;

  /** Bits of the offset for the number of events in an entry; the others are its sequence. */
  private static final int EVENT_BITS = 24;

  /** Greatest sequence of an entry: one with a greater sequence gets this one. */
  private static final long MAX_SEQUENCE = Long.MAX_VALUE >> EVENT_BITS;

  private static final int STREAM_BITS = Integer.bitCount(EntryId.MAX_STREAM);

  /** Milliseconds and stream of an entry; 0 in the feed of one node. */
  private final long origin;

  /** Number of events up to and including this one; of an entry its sequence precedes it. */
  private final long offset;

  private FeedPosition(long origin, long offset) {
    this.origin = origin;
    this.offset = offset;
  }

  /** The position before the first event of an entry. For segments only. */
  static FeedPosition before(EntryId entry) {
    return new FeedPosition(
        entry.millis() << STREAM_BITS | entry.stream(),
        Math.min(entry.sequence(), MAX_SEQUENCE) << EVENT_BITS);
  }

  /**
   * Parses the text of a position.
   *
   * @throws NumberFormatException if it is something else
   */
  static FeedPosition parse(String text, int from, int to) {
    int dot = text.indexOf('.', from, to);
    return dot < 0
        ? new FeedPosition(0, Long.parseLong(text, from, to, 10))
        : new FeedPosition(
            Long.parseLong(text, from, dot, RADIX), Long.parseLong(text, dot + 1, to, RADIX));
  }

  static FeedPosition min(FeedPosition one, FeedPosition other) {
    return one.isAfter(other) ? other : one;
  }

  static FeedPosition max(FeedPosition one, FeedPosition other) {
    return other.isAfter(one) ? other : one;
  }

  /** The position a number of events later; earlier if it is negative. For segments only. */
  FeedPosition plus(int events) {
    return events == 0 ? this : new FeedPosition(origin, offset + events);
  }

  /** The time of the entry, Unix milliseconds; 0 in the feed of one node. */
  long millis() {
    return origin >> STREAM_BITS;
  }

  boolean isAfter(FeedPosition other) {
    return origin == other.origin ? offset > other.offset : origin > other.origin;
  }

  @Override
  public int compareTo(FeedPosition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeedPosition position
        && position.origin == origin
        && position.offset == offset;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(31 * origin + offset);
  }

  /** The position as text: {@code PREFIX-OFFSET}, or {@code PREFIX-ENTRY.OFFSET}. */
  String text(String prefix) {
    return origin == 0
        ? prefix + "-" + offset
        : prefix + "-" + Long.toString(origin, RADIX) + "." + Long.toString(offset, RADIX);
  }

  @Override
  public String toString() {
    return text("").substring(1);
  }
}
