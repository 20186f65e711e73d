package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Writer of a series' open chunks to rows. A nearly full chunk is sealed, an overfull one is split
 * into several, any other is written as a row that is rewritten as the chunk grows. Writer thread
 * only, within a transaction of {@link JournalCompactor}.
 */
final class ChunkWriter {
  private final ChunkRepository chunks;
  private final SeriesIndex index;
  private final ChunkIdSequence rows;
  private final TelemetrySettings settings;
  private final TelemetryCounters counters;

  /** State of a series after the transaction is durable. */
  record Written(LiveSeries series, SeriesRow state, boolean leave) {}

  ChunkWriter(
      ChunkRepository chunks,
      SeriesIndex index,
      ChunkIdSequence rows,
      TelemetrySettings settings,
      TelemetryCounters counters) {
    this.chunks = chunks;
    this.index = index;
    this.rows = rows;
    this.settings = settings;
    this.counters = counters;
  }

  /**
   * Writes all of the series' readings in memory, and records that its rows are complete up to the
   * journal entry.
   *
   * @param leave whether to evict its open chunks from memory
   */
  Written write(LiveSeries series, boolean leave, long upTo) throws SQLException {
    index.change(() -> settle(series));
    Layer main = write(series, false, series.main, leave);
    Layer late = write(series, true, series.late, leave);
    SeriesRow state =
        new SeriesRow(
            series.id,
            series.device,
            series.metric,
            upTo,
            series.last,
            Math.max(series.sealedUntil, main.sealedUntil()),
            main.row(),
            main.last(),
            late.row(),
            late.last());
    chunks.update(state);
    return new Written(series, state, leave);
  }

  private static void settle(LiveSeries series) {
    settle(series.main);
    settle(series.late);
  }

  private static void settle(@Nullable OpenChunk tail) {
    if (tail != null && tail.block != null) {
      tail.block.settle();
    }
  }

  /** A layer's remaining open chunk (row 0 if none) and the end of its sealed chunks. */
  private record Layer(long row, long last, long sealedUntil) {
    static final Layer EMPTY = new Layer(0, OpenChunk.NONE, OpenChunk.NONE);
  }

  private Layer write(LiveSeries series, boolean late, @Nullable OpenChunk tail, boolean leave)
      throws SQLException {
    if (tail == null) {
      return Layer.EMPTY;
    }
    PointBlock block = tail.block;
    int usual = settings.chunkReadings();
    int enough = leave ? usual / 4 : series.chunkReadings(usual) * 3 / 4;
    boolean seals = block != null && block.isFull(Math.max(1, enough));
    if (block == null || (!tail.dirty && !seals)) {
      return new Layer(tail.row, tail.storedLast, OpenChunk.NONE);
    }
    if (tail.isStored()) {
      chunks.unlist(series.id, late, tail);
    }
    int pieces = seals ? Math.max(1, Math.round((float) block.size() / usual)) : 1;
    for (int i = 0; i < pieces; i++) {
      long row = i == 0 ? tail.row : rows.next();
      write(series, late, row, piece(block, i, pieces));
    }
    return seals
        ? new Layer(0, OpenChunk.NONE, late ? OpenChunk.NONE : block.last())
        : new Layer(tail.row, block.last(), OpenChunk.NONE);
  }

  private static PointBlock piece(PointBlock block, int i, int pieces) {
    if (pieces == 1) {
      return block;
    }
    long size = block.size();
    return block.slice((int) (size * i / pieces), (int) (size * (i + 1) / pieces));
  }

  private void write(LiveSeries series, boolean late, long row, PointBlock block)
      throws SQLException {
    counters.chunkBytes.add(chunks.write(series.id, late, row, block));
  }

  /** Updates memory after the transaction is durable. Requires the write lock. */
  void settled(Written written) {
    LiveSeries series = written.series();
    SeriesRow state = written.state();
    series.upTo = state.upTo();
    series.sealedUntil = state.sealedUntil();
    series.main = settled(series.main, state.mainRow(), state.mainLast(), written.leave());
    series.late = settled(series.late, state.lateRow(), state.lateLast(), written.leave());
    series.dirtySince = 0;
    series.ripe = false;
  }

  private static @Nullable OpenChunk settled(
      @Nullable OpenChunk tail, long row, long storedLast, boolean leave) {
    if (tail == null || row == 0) {
      return null;
    }
    tail.storedLast = storedLast;
    tail.dirty = false;
    if (leave) {
      tail.block = null;
    }
    return tail;
  }
}
