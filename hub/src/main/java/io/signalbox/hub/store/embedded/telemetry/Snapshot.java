package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import org.jspecify.annotations.Nullable;

/**
 * What memory holds of a series at a moment, copied under the read lock. It must be taken before
 * chunk rows are looked at: what is written in between is then seen twice, which merging undoes,
 * and never not at all.
 *
 * @param series the series' number
 * @param mainRow row of the main layer's open chunk; 0 unless its readings are here
 * @param main its readings, settled; null if none are in memory
 * @param lateRow row of the late layer's open chunk; 0 unless its readings are here
 * @param late its readings, settled; null if none are in memory
 */
record Snapshot(
    long series, long mainRow, @Nullable Block main, long lateRow, @Nullable Block late) {

  static Snapshot of(SeriesIndex index, Series series) {
    Snapshot copy =
        index.look(
            () ->
                new Snapshot(
                    series.id,
                    row(series.main),
                    copy(series.main),
                    row(series.late),
                    copy(series.late)));
    settle(copy.main());
    settle(copy.late());
    return copy;
  }

  private static long row(@Nullable Tail tail) {
    return tail == null || tail.block == null ? 0 : tail.row;
  }

  private static @Nullable Block copy(@Nullable Tail tail) {
    return tail == null || tail.block == null ? null : tail.block.slice(0, tail.block.size());
  }

  private static void settle(@Nullable Block block) {
    if (block != null) {
      block.settle();
    }
  }
}
