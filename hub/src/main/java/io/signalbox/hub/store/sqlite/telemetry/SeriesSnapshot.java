package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/**
 * Copy of a series' readings in memory, made under the read lock. It must be taken before the chunk
 * rows are read: readings that are written in between are then seen twice, which merging removes,
 * and never missed.
 *
 * @param series the series' number
 * @param mainRow row of the main layer's open chunk; 0 unless the copy has its readings
 * @param main its readings, sorted; null if none are in memory
 * @param lateRow row of the late layer's open chunk; 0 unless the copy has its readings
 * @param late its readings, sorted; null if none are in memory
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
