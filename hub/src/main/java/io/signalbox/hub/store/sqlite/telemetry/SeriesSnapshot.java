package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
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
record SeriesSnapshot(
    long series, long mainRow, @Nullable PointBlock main, long lateRow, @Nullable PointBlock late) {

  static SeriesSnapshot of(SeriesIndex index, LiveSeries series) {
    SeriesSnapshot copy =
        index.look(
            () ->
                new SeriesSnapshot(
                    series.id,
                    row(series.main),
                    copy(series.main),
                    row(series.late),
                    copy(series.late)));
    settle(copy.main());
    settle(copy.late());
    return copy;
  }

  private static long row(@Nullable OpenChunk tail) {
    return tail == null || tail.block == null ? 0 : tail.row;
  }

  private static @Nullable PointBlock copy(@Nullable OpenChunk tail) {
    return tail == null || tail.block == null ? null : tail.block.slice(0, tail.block.size());
  }

  private static void settle(@Nullable PointBlock block) {
    if (block != null) {
      block.settle();
    }
  }
}
