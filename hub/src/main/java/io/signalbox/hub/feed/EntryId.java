package io.signalbox.hub.feed;

import java.util.Comparator;

/**
 * Identifies an entry of the streams that several nodes share. Entries have one order, which is the
 * same on every node.
 *
 * @param millis Unix milliseconds by the clock of the store
 * @param stream number of the stream, at most {@link #MAX_STREAM}
 * @param sequence distinguishes entries of one stream and millisecond
 */
public record EntryId(long millis, int stream, long sequence) implements Comparable<EntryId> {
  /** Greatest number of a stream. */
  public static final int MAX_STREAM = 127;

  private static final Comparator<EntryId> ORDER =
      Comparator.comparingLong(EntryId::millis)
          .thenComparingInt(EntryId::stream)
          .thenComparingLong(EntryId::sequence);

  public EntryId {
    if (stream < 0 || stream > MAX_STREAM) {
      throw new IllegalArgumentException("stream: expected 0 to " + MAX_STREAM + ", got " + stream);
    }
  }

  @Override
  public int compareTo(EntryId other) {
    return ORDER.compare(this, other);
  }
}
