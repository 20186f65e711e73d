package io.signalbox.hub.live;

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

  private final AtomicReferenceArray<@Nullable FeedPage> ring;
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
  void add(FeedPage page) {
    if (pages++ % STRIDE == 0) {
      long number = end;
      ring.set(slot(number), page);
      end = number + 1;
    }
  }

  /** Lets go of pages before this one: any of them would hold all that came after it. */
  void dropBefore(FeedPage oldest) {
    long number = first;
    FeedPage page = ring.get(slot(number));
    while (page != null && page.last() < oldest.last()) {
      ring.set(slot(number), null);
      number++;
      page = ring.get(slot(number));
    }
    first = number;
  }

  /** A page that ends at the offset or less than {@link #STRIDE} pages before; null for none. */
  @Nullable FeedPage before(long offset) {
    FeedPage best = null;
    long low = first;
    long high = end - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      FeedPage page = ring.get(slot(middle));
      if (page != null && page.last() > offset) {
        high = middle - 1;
      } else {
        low = middle + 1;
        best = page == null ? best : page;
      }
    }
    return best;
  }

  private int slot(long number) {
    return (int) (number & mask);
  }
}
