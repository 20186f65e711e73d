package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/**
 * Copy of a series' readings that are not in full chunks. It must be taken before the full chunks
 * are read: readings that move there in between are then seen twice, which merging removes, and
 * never missed. The blocks are settled.
 *
 * @param mainId chunk of the main layer whose readings the copy has; 0 if none
 * @param main its readings, newer than all full chunks of the layer; null if none
 * @param lateId chunk of the late layer whose readings the copy has; 0 if none
 * @param late its readings; null if none
 */
public record SeriesSnapshot(
    long mainId, @Nullable PointBlock main, long lateId, @Nullable PointBlock late) {
  /**
   * Start time of a scan that includes the last reading before the instant and few others.
   *
   * @param full time of a reading in full chunks before the instant, after which only late readings
   *     can follow; {@code Long.MIN_VALUE} if there is none
   */
  public long lastBefore(long instant, long full) {
    long last = Math.max(full, Math.max(lastBefore(main, instant), lastBefore(late, instant)));
    return last == Long.MIN_VALUE ? instant : last;
  }

  private static long lastBefore(@Nullable PointBlock block, long instant) {
    int at = block == null ? 0 : block.indexOf(instant);
    return block == null || at == 0 ? Long.MIN_VALUE : block.ts(at - 1);
  }
}
