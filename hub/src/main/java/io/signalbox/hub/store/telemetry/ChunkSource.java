package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.util.List;
import java.util.function.Predicate;

/**
 * The chunks of one series in two layers. Those of the <em>main</em> layer do not overlap. Those of
 * the <em>late</em> layer can overlap any others; their readings arrived after readings of the main
 * layer with the same timestamp, and those of a chunk with a higher id after those of one with a
 * lower id. So the last value of each timestamp is known.
 */
public interface ChunkSource {
  /**
   * Passes the chunks of the main layer that end at or after the instant, oldest first, until the
   * consumer returns false.
   */
  void main(long from, Predicate<ChunkHead> consumer);

  /** Chunks of the late layer that overlap the range. */
  List<ChunkHead> late(long from, long to);

  /** The readings of a chunk. */
  PointBlock load(long id);
}
