package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import org.jspecify.annotations.Nullable;

/** How far readings reach, and how many there are. */
record Extent(long first, long last, long count) {
  static final Extent NOTHING = new Extent(Long.MAX_VALUE, Long.MIN_VALUE, 0);

  Extent and(@Nullable Block block) {
    if (block == null || block.size() == 0) {
      return this;
    }
    return new Extent(
        Math.min(first, block.first()), Math.max(last, block.last()), count + block.size());
  }
}
