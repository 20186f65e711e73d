package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/**
 * Chunk that is not full yet. It can have a row already, which is rewritten as the chunk grows; its
 * readings are in memory, or on disk only after an eviction.
 */
final class OpenChunk {
  /** Timestamp that means none. */
  static final long NONE = Long.MIN_VALUE;

  final long row;
  // Last timestamp of the row, which is part of its key; NONE without a row.
  long storedLast;
  @Nullable PointBlock block;
  // Whether it has readings that are not in its row.
  boolean dirty;

  /** A new chunk without a row. */
  OpenChunk(long row) {
    this(row, NONE);
    block = new PointBlock(4);
  }

  /** A chunk with a row whose readings are not in memory. */
  OpenChunk(long row, long storedLast) {
    this.row = row;
    this.storedLast = storedLast;
  }

  boolean isStored() {
    return storedLast != NONE;
  }

  long weight() {
    return block == null ? 0 : block.weight();
  }
}
