package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/** Time range and number of readings. */
record SeriesExtent(long first, long last, long count) {
  static final SeriesExtent NOTHING = new SeriesExtent(Long.MAX_VALUE, Long.MIN_VALUE, 0);

  SeriesExtent and(@Nullable PointBlock block) {
    if (block == null || block.size() == 0) {
      return this;
    }
    return new SeriesExtent(
        Math.min(first, block.first()), Math.max(last, block.last()), count + block.size());
  }
}
