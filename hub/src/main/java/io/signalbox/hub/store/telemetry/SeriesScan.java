package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/**
 * Scan of one series' readings in time order: the chunks of the main layer with late readings
 * merged in, and the open chunk last. A chunk that lies completely in the range and has no late
 * readings among its own is first offered by its statistics, without reading its body. Used once,
 * by one thread.
 */
public final class SeriesScan {
  private final ChunkSource chunks;
  private final SeriesSnapshot snapshot;
  private final long from;
  private final long to;
  private final LateMerge late;
  private long passed = Long.MIN_VALUE;
  private boolean ended;

  /** Consumer of the readings. */
  public interface Sink {
    /** Accepts a chunk by its statistics; false to get its readings instead. */
    default boolean whole(ChunkHead head) {
      return false;
    }

    /**
     * Whether a chunk that {@link #whole} is offered is needed with its readings, for a store that
     * reads bodies in advance.
     *
     * @param next the chunk after it; null if unknown
     */
    default boolean needsBody(ChunkHead head, @Nullable ChunkHead next) {
      return true;
    }

    /** Accepts the i-th reading of the block; false to end the scan. */
    boolean point(PointBlock block, int i);
  }

  /**
   * A scan of a range.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public SeriesScan(ChunkSource chunks, SeriesSnapshot snapshot, long from, long to) {
    this.chunks = chunks;
    this.snapshot = snapshot;
    this.from = from;
    this.to = to;
    late = new LateMerge(chunks, snapshot, from, to);
  }

  /** Passes the readings to the sink; false if it has ended the scan. */
  public boolean run(Sink sink) {
    full(sink);
    return !ended && block(snapshot.main(), sink) && lateBefore(Long.MAX_VALUE, sink);
  }

  private void full(Sink sink) {
    // Chunks from the open chunk's start on were written after the copy of the open chunk.
    PointBlock open = snapshot.main();
    long end = open == null || open.size() == 0 ? to : Math.min(to, open.first());
    chunks.main(from, head -> head.first() < end && full(head, end, sink));
  }

  private boolean full(ChunkHead head, long end, Sink sink) {
    ended = head.id() != snapshot.mainId() && !chunk(head, end, sink);
    return !ended;
  }

  private boolean chunk(ChunkHead head, long end, Sink sink) {
    if (!lateBefore(head.first(), sink)) {
      return false;
    }
    boolean whole = head.first() >= from && head.last() < end && late.next() > head.last();
    if (whole && sink.whole(head)) {
      passed = head.last();
      return true;
    }
    return block(chunks.load(head.id()), sink);
  }

  private boolean block(@Nullable PointBlock block, Sink sink) {
    if (block == null) {
      return true;
    }
    for (int i = block.indexOf(from); i < block.size() && block.ts(i) < to; i++) {
      long ts = block.ts(i);
      if (!lateBefore(ts, sink)) {
        return false;
      }
      // A late reading with the same timestamp arrived later and replaces this one.
      if (ts > passed && late.next() != ts && !point(block, i, sink)) {
        return false;
      }
    }
    return true;
  }

  private boolean point(PointBlock block, int i, Sink sink) {
    passed = block.ts(i);
    return sink.point(block, i);
  }

  private boolean lateBefore(long instant, Sink sink) {
    while (late.next() < instant) {
      passed = late.next();
      if (!late.pass(sink)) {
        return false;
      }
    }
    return true;
  }
}
