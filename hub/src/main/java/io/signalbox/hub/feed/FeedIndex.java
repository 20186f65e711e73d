package io.signalbox.hub.feed;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Index of the feed by position: every 16th kept page in a ring, for binary search. A search that
 * runs during an append may return an earlier page, which costs steps but is never wrong, because
 * each page links to all later ones.
 *
 * <p>Threading: {@link #add} and {@link #dropBefore} one after the other; any thread may search.
 */
final class FeedIndex {
  /** Pages per index entry. */
  static final int STRIDE = 16;

  private final AtomicReferenceArray<@Nullable FeedSegment> ring;
  private final int mask;

  /** Number of the first indexed page; entries from here on exist or are being dropped. */
  private volatile long first;

  private volatile long end;

  /** Number of pages so far. */
  private long pages;

  /**
   * An empty index.
   *
   * @param mostPages most pages that are kept at a time
   */
  FeedIndex(long mostPages) {
    long slots = Math.max(2, Long.highestOneBit(mostPages / STRIDE + 1) * 2);
    ring = new AtomicReferenceArray<>(Math.toIntExact(slots));
    mask = ring.length() - 1;
  }

  /** Adds an appended page. */
  void add(FeedSegment segment) {
    if (pages++ % STRIDE == 0) {
      long number = end;
      ring.set(slot(number), segment);
      end = number + 1;
    }
  }

  /** Drops entries before this page: a reference to one of them would keep all later pages. */
  void dropBefore(FeedSegment oldest) {
    long number = first;
    FeedSegment segment = ring.get(slot(number));
    while (segment != null && oldest.last().isAfter(segment.last())) {
      ring.set(slot(number), null);
      number++;
      segment = ring.get(slot(number));
    }
    first = number;
  }

  /** A page at most {@link #STRIDE} pages before the position; null if there is none. */
  @Nullable FeedSegment before(FeedPosition position) {
    FeedSegment best = null;
    long low = first;
    long high = end - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      FeedSegment segment = ring.get(slot(middle));
      if (segment != null && segment.last().isAfter(position)) {
        high = middle - 1;
      } else {
        low = middle + 1;
        best = segment == null ? best : segment;
      }
    }
    return best;
  }

  private int slot(long number) {
    return (int) (number & mask);
  }
}
