package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/**
 * The chunk of a series that is not full yet. It may have a row already (then the row is written
 * again as it grows), and its readings may be in memory or left on the disk until they are needed.
 */
final class OpenChunk {
  /** A timestamp for none. */
  static final long NONE = Long.MIN_VALUE;

  final long row;
  // The row's place in its table, as its last timestamp is part of the key; NONE without a row.
  long storedLast;
  @Nullable PointBlock block;
  // Has readings that its row lacks.
  boolean dirty;

  /** A new one, without a row. */
  OpenChunk(long row) {
    this(row, NONE);
    block = new PointBlock(4);
  }

  /** One that has a row and is not in memory. */
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
