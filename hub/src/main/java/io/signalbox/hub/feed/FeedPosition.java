package io.signalbox.hub.feed;

/**
 * Opaque position in the feed: that of an event, or the one before the first event. Positions have
 * a total order and are written into cursors.
 *
 * <p>{@link FeedSegment} assigns positions to its events, and nothing else computes them: readers,
 * clients and transports compare positions, take the least or the greatest, and write them. Several
 * nodes that share one feed will have positions that their store assigns. Immutable; safe on any
 * thread.
 */
final class FeedPosition implements Comparable<FeedPosition> {
  /** The position before the first event. */
  static final FeedPosition START = new FeedPosition(0);

  /** Number of events up to and including this one. */
  private final long offset;

  private FeedPosition(long offset) {
    this.offset = offset;
  }

  /**
   * Parses the digits of a position.
   *
   * @throws NumberFormatException if it is something else
   */
  static FeedPosition parse(String text, int from, int to) {
    return new FeedPosition(Long.parseLong(text, from, to, 10));
  }

  static FeedPosition min(FeedPosition one, FeedPosition other) {
    return other.offset < one.offset ? other : one;
  }

  static FeedPosition max(FeedPosition one, FeedPosition other) {
    return other.offset > one.offset ? other : one;
  }

  /** The position a number of events later; earlier if it is negative. For segments only. */
  FeedPosition plus(int events) {
    return events == 0 ? this : new FeedPosition(offset + events);
  }

  boolean isAfter(FeedPosition other) {
    return offset > other.offset;
  }

  @Override
  public int compareTo(FeedPosition other) {
    return Long.compare(offset, other.offset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeedPosition position && position.offset == offset;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(offset);
  }

  /** The position as text: {@code PREFIX-OFFSET}. */
  String text(String prefix) {
    return prefix + "-" + offset;
  }

  @Override
  public String toString() {
    return Long.toString(offset);
  }
}
