package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the open chunks of a series as rows: sealed if they are nearly full, in several pieces if
 * they are more than that, else as rows that are written again as they grow. Writer thread only,
 * within a transaction of {@link Housekeeper}.
 */
final class ChunkWriter {
  private final Archive archive;
  private final SeriesIndex index;
  private final RowIds rows;
  private final TelemetrySettings settings;
  private final Pulse pulse;

  /** A series as it stands once the transaction is durable. */
  record Written(Series series, SeriesState state, boolean leave) {}

  ChunkWriter(
      Archive archive, SeriesIndex index, RowIds rows, TelemetrySettings settings, Pulse pulse) {
    this.archive = archive;
    this.index = index;
    this.rows = rows;
    this.settings = settings;
    this.pulse = pulse;
  }

  /**
   * Writes what the series has in memory, all of it, and notes that it is complete up to the
   * journal entry.
   *
   * @param leave its open chunks shall not stay in memory
   */
  Written write(Series series, boolean leave, long upTo) throws SQLException {
    index.change(() -> settle(series));
    Layer main = write(series, false, series.main, leave);
    Layer late = write(series, true, series.late, leave);
    SeriesState state =
        new SeriesState(
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
    archive.update(state);
    return new Written(series, state, leave);
  }

  private static void settle(Series series) {
    settle(series.main);
    settle(series.late);
  }

  private static void settle(@Nullable Tail tail) {
    if (tail != null && tail.block != null) {
      tail.block.settle();
    }
  }

  /** The open chunk that a layer is left with (row 0 if none), and until when it is sealed. */
  private record Layer(long row, long last, long sealedUntil) {
    static final Layer EMPTY = new Layer(0, Tail.NONE, Tail.NONE);
  }

  private Layer write(Series series, boolean late, @Nullable Tail tail, boolean leave)
      throws SQLException {
    if (tail == null) {
      return Layer.EMPTY;
    }
    Block block = tail.block;
    int enough = settings.chunkReadings() * (leave ? 1 : 3) / 4;
    boolean seals = block != null && block.isFull(Math.max(1, enough));
    if (block == null || (!tail.dirty && !seals)) {
      return new Layer(tail.row, tail.storedLast, Tail.NONE);
    }
    if (tail.isStored()) {
      archive.unlist(series.id, late, tail);
    }
    int pieces =
        seals ? Math.max(1, Math.round((float) block.size() / settings.chunkReadings())) : 1;
    for (int i = 0; i < pieces; i++) {
      long row = i == 0 ? tail.row : rows.next();
      write(series, late, row, piece(block, i, pieces));
    }
    return seals
        ? new Layer(0, Tail.NONE, late ? Tail.NONE : block.last())
        : new Layer(tail.row, block.last(), Tail.NONE);
  }

  private static Block piece(Block block, int i, int pieces) {
    if (pieces == 1) {
      return block;
    }
    long size = block.size();
    return block.slice((int) (size * i / pieces), (int) (size * (i + 1) / pieces));
  }

  private void write(Series series, boolean late, long row, Block block) throws SQLException {
    pulse.chunkBytes.add(archive.write(series.id, late, row, block));
  }

  /** The transaction is durable: memory follows. Under the write lock. */
  void settled(Written written) {
    Series series = written.series();
    SeriesState state = written.state();
    series.upTo = state.upTo();
    series.sealedUntil = state.sealedUntil();
    series.main = settled(series.main, state.mainRow(), state.mainLast(), written.leave());
    series.late = settled(series.late, state.lateRow(), state.lateLast(), written.leave());
    series.dirtySince = 0;
    series.ripe = false;
  }

  private static @Nullable Tail settled(
      @Nullable Tail tail, long row, long storedLast, boolean leave) {
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
