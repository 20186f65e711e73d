package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.telemetry.ChunkHead;
import io.signalbox.hub.store.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.telemetry.codec.CorruptDataException;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writer thread's access to the tables of series and chunks, within its transactions. */
final class ChunkRepository {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkRepository.class);

  private final Sql sql;

  ChunkRepository(Sql sql) {
    this.sql = sql;
  }

  /** Runs the step as one transaction. */
  void transaction(Sql.Step step) throws SQLException {
    sql.transaction(step);
  }

  /** Rolls back an unfinished step outside of {@link #transaction}. */
  void undo() {
    sql.undo();
  }

  void insert(LiveSeries series) throws SQLException {
    sql.update(
        "INSERT INTO series(id, device, metric, up_to) VALUES(?, ?, ?, 0)",
        series.id,
        series.device,
        series.metric);
  }

  void update(SeriesRow state) throws SQLException {
    sql.update(
        """
        UPDATE series SET up_to = ?, last = ?, sealed_until = ?,
        main_row = ?, main_last = ?, late_row = ?, late_last = ? WHERE id = ?""",
        state.upTo(),
        instant(state.last()),
        instant(state.sealedUntil()),
        state.mainRow(),
        instant(state.mainLast()),
        state.lateRow(),
        instant(state.lateLast()),
        state.id());
  }

  private static @Nullable Long instant(long instant) {
    return instant == OpenChunk.NONE ? null : (Long) instant;
  }

  /** Deletes the series' row; its chunks are deleted later, in slices. */
  void drop(LiveSeries series) throws SQLException {
    sql.update("DELETE FROM series WHERE id = ?", series.id);
    sql.update("INSERT INTO dropped(series) VALUES(?)", series.id);
  }

  /** Ids of deleted series that still have chunks. */
  List<Long> dropped() throws SQLException {
    return sql.query("SELECT series FROM dropped", row -> row.getLong(1));
  }

  /** Ends the deletion of a series after its last chunk is deleted. */
  void dropIsOver(long series) throws SQLException {
    sql.update("DELETE FROM dropped WHERE series = ?", series);
  }

  /** Writes a chunk; returns the size of its body in bytes. */
  int write(long series, boolean late, long row, PointBlock block) throws SQLException {
    byte[] body = ChunkCodec.encode(block);
    ChunkRow.insert(sql, series, late, ChunkHead.of(row, block));
    sql.update("INSERT OR REPLACE INTO body(chunk, body) VALUES(?, ?)", row, body);
    return body.length;
  }

  /** Deletes the row of a chunk that is about to be rewritten; its body stays until then. */
  void unlist(long series, boolean late, OpenChunk tail) throws SQLException {
    sql.update(
        "DELETE FROM chunk WHERE series = ? AND late = ? AND last = ? AND id = ?",
        series,
        late,
        tail.storedLast,
        tail.row);
  }

  /** Deletes a few chunks of the series that end before the instant; returns how many. */
  int prune(long series, boolean late, long before, long butRow) throws SQLException {
    List<OpenChunk> old =
        sql.query(
            """
            SELECT id, last FROM chunk WHERE series = ? AND late = ? AND last < ? AND id <> ?
            ORDER BY last LIMIT 256""",
            row -> new OpenChunk(row.getLong(1), row.getLong(2)),
            series,
            late,
            before,
            butRow);
    for (OpenChunk chunk : old) {
      unlist(series, late, chunk);
      sql.update("DELETE FROM body WHERE chunk = ?", chunk.row);
    }
    return old.size();
  }

  /** Loads an evicted open chunk back into memory. */
  void recall(LiveSeries series, @Nullable OpenChunk tail, SeriesIndex index) throws SQLException {
    if (tail == null || tail.block != null) {
      return;
    }
    try {
      PointBlock block = load(tail.row);
      index.change(() -> tail.block = block);
    } catch (CorruptDataException e) {
      // The row stays, and queries that need it fail; new readings go to a new chunk.
      LOG.error(
          "Chunk {} of device {}, metric {} is damaged: {}",
          tail.row,
          series.device,
          series.metric,
          e.getMessage());
      index.change(() -> series.setAside(tail));
    }
  }

  private PointBlock load(long row) throws SQLException {
    return sql.first(
            "SELECT body FROM body WHERE chunk = ?",
            found -> ChunkCodec.decode(found.getBytes(1)),
            row)
        .orElseThrow(() -> new CorruptDataException("its body is missing"));
  }

  /**
   * Returns up to {@code pages} free pages of the file to the disk. The result is the number of
   * free bytes that cannot be returned, because the file was created by a version without
   * incremental vacuum; the file reuses them itself.
   */
  long giveBack(int pages) throws SQLException {
    long free = sql.number("PRAGMA freelist_count");
    if (free > 0) {
      sql.script("PRAGMA incremental_vacuum(" + pages + ")");
      sql.script("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    boolean keeps = sql.number("PRAGMA auto_vacuum") == 0;
    return keeps ? free * sql.number("PRAGMA page_size") : 0;
  }

  /** All series, in the state of the last write of their chunks. */
  List<SeriesRow> series() throws SQLException {
    return sql.query(
        """
        SELECT id, device, metric, up_to, last, sealed_until,
        main_row, main_last, late_row, late_last FROM series""",
        SeriesRow::of);
  }

  /** The highest series id ever used; ids are not reused. */
  long lastSeries() throws SQLException {
    return sql.number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'series'");
  }

  /** The highest chunk id. */
  long lastChunk() throws SQLException {
    return sql.number("SELECT coalesce(max(chunk), 0) FROM body");
  }
}
