package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import org.jspecify.annotations.Nullable;

/**
 * The chunk of a series that is not full yet. It may have a row already (then the row is written
 * again as it grows), and its readings may be in memory or left on the disk until they are needed.
 */
final class Tail {
  /** A timestamp for none. */
  static final long NONE = Long.MIN_VALUE;

  final long row;
  // The row's place in its table, as its last timestamp is part of the key; NONE without a row.
  long storedLast;
  @Nullable Block block;
  // Has readings that its row lacks.
  boolean dirty;

  /** A new one, without a row. */
  Tail(long row) {
    this(row, NONE);
    block = new Block(4);
  }

  /** One that has a row and is not in memory. */
  Tail(long row, long storedLast) {
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
