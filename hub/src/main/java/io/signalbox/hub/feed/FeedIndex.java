package io.signalbox.hub.feed;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where in the feed an offset is: every 16th page that is kept, in a ring, to be searched by
 * halves. A search may run into an append: it then may begin further back than need be, which costs
 * steps and is never wrong, as each page leads to all later ones.
 *
 * <p>Threading: {@link #add} and {@link #dropBefore} on the feed's context; any thread may search.
 */
final class FeedIndex {
  /** Pages from one in the index to the next. */
  static final int STRIDE = 16;

  private final AtomicReferenceArray<@Nullable FeedSegment> ring;
  private final int mask;

  /** Pages in the index are numbered from 0: these are there, some of them being dropped. */
  private volatile long first;

  private volatile long end;

  /** Of all pages so far; the feed's context only. */
  private long pages;

  /**
   * An empty index.
   *
   * @param mostPages that are kept at a time
   */
  FeedIndex(long mostPages) {
    long slots = Math.max(2, Long.highestOneBit(mostPages / STRIDE + 1) * 2);
    ring = new AtomicReferenceArray<>(Math.toIntExact(slots));
    mask = ring.length() - 1;
  }

  /** A page was appended. */
  void add(FeedSegment segment) {
    if (pages++ % STRIDE == 0) {
      long number = end;
      ring.set(slot(number), segment);
      end = number + 1;
    }
  }

  /** Lets go of pages before this one: any of them would hold all that came after it. */
  void dropBefore(FeedSegment oldest) {
    long number = first;
    FeedSegment segment = ring.get(slot(number));
    while (segment != null && segment.last() < oldest.last()) {
      ring.set(slot(number), null);
      number++;
      segment = ring.get(slot(number));
    }
    first = number;
  }

  /** A page that ends at the offset or less than {@link #STRIDE} pages before; null for none. */
  @Nullable FeedSegment before(long offset) {
    FeedSegment best = null;
    long low = first;
    long high = end - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      FeedSegment segment = ring.get(slot(middle));
      if (segment != null && segment.last() > offset) {
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
