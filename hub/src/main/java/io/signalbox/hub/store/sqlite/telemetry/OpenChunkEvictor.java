package io.signalbox.hub.store.sqlite.telemetry;

import java.util.ArrayList;
import java.util.List;

/**
 * Eviction policy for open chunks that exceed their memory limit. Uses the CLOCK algorithm: evicts
 * series without readings since the last pass, and then any others. Memory is measured whenever the
 * journal has grown by a fraction of the limit. Writer thread only.
 */
final class OpenChunkEvictor {
  private static final int LOOKS = 1024;
  private static final int WEIGHINGS = 16;

  private final SeriesIndex index;
  private final long bound;
  private long weighedAt;
  private long excess;
  private int hand;
  private int looked;

  OpenChunkEvictor(SeriesIndex index, long bound) {
    this.index = index;
    this.bound = bound;
  }

  /** Whether memory must be measured or series evicted at this size of the journal. */
  boolean hasWork(long journalBytes) {
    return excess > 0 || journalBytes - weighedAt > bound / WEIGHINGS;
  }

  /** The next few series to evict. */
  List<LiveSeries> next(long journalBytes, int most) {
    if (excess <= 0 && hasWork(journalBytes)) {
      weighedAt = journalBytes;
      looked = 0;
      excess = index.all().stream().mapToLong(LiveSeries::weight).sum() - bound;
    }
    List<LiveSeries> chosen = new ArrayList<>();
    List<LiveSeries> all = index.all();
    for (int i = 0; excess > 0 && i < LOOKS && chosen.size() < most && !all.isEmpty(); i++) {
      hand = hand + 1 < all.size() ? hand + 1 : 0;
      look(all.get(hand), chosen);
      if (++looked >= 2 * all.size()) {
        excess = 0;
      }
    }
    return chosen;
  }

  private void look(LiveSeries series, List<LiveSeries> chosen) {
    boolean spared = series.touched && looked < index.all().size();
    series.touched = false;
    if (!spared && series.weight() > 0) {
      excess -= series.weight();
      chosen.add(series);
    }
  }
}
