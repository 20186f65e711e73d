package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the open chunks of a series as rows: sealed if they are nearly full, in several pieces if
 * they are more than that, else as rows that are written again as they grow. Writer thread only,
 * within a transaction of {@link JournalCompactor}.
 */
final class ChunkWriter {
  private final ChunkRepository chunks;
  private final SeriesIndex index;
  private final ChunkIdSequence rows;
  private final TelemetrySettings settings;
  private final StoreHealth health;

  /** A series as it stands once the transaction is durable. */
  record Written(LiveSeries series, SeriesRow state, boolean leave) {}

  ChunkWriter(
      ChunkRepository chunks,
      SeriesIndex index,
      ChunkIdSequence rows,
      TelemetrySettings settings,
      StoreHealth health) {
    this.chunks = chunks;
    this.index = index;
    this.rows = rows;
    this.settings = settings;
    this.health = health;
  }

  /**
   * Writes what the series has in memory, all of it, and notes that it is complete up to the
   * journal entry.
   *
   * @param leave its open chunks shall not stay in memory
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

  /** The open chunk that a layer is left with (row 0 if none), and until when it is sealed. */
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
    health.chunkBytes.add(chunks.write(series.id, late, row, block));
  }

  /** The transaction is durable: memory follows. Under the write lock. */
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
