package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writer thread's access to the tables of series and chunks, within its transactions. */
final class ChunkRepository {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkRepository.class);

  private final StatementCache statements;

  ChunkRepository(StatementCache statements) {
    this.statements = statements;
  }

  /** Runs the step as one transaction. */
  void transaction(StatementCache.Step step) throws SQLException {
    statements.transaction(step);
  }

  /** Rolls back an unfinished step outside of {@link #transaction}. */
  void undo() {
    statements.undo();
  }

  void insert(LiveSeries series) throws SQLException {
    PreparedStatement sql =
        statements.get("INSERT INTO series(id, device, metric, up_to) VALUES(?, ?, ?, 0)");
    sql.setLong(1, series.id);
    sql.setString(2, series.device);
    sql.setString(3, series.metric);
    sql.executeUpdate();
  }

  void update(SeriesRow state) throws SQLException {
    PreparedStatement sql =
        statements.get(
            """
            UPDATE series SET up_to = ?, last = ?, sealed_until = ?,
            main_row = ?, main_last = ?, late_row = ?, late_last = ? WHERE id = ?""");
    sql.setLong(1, state.upTo());
    bind(sql, 2, state.last());
    bind(sql, 3, state.sealedUntil());
    sql.setLong(4, state.mainRow());
    bind(sql, 5, state.mainLast());
    sql.setLong(6, state.lateRow());
    bind(sql, 7, state.lateLast());
    sql.setLong(8, state.id());
    sql.executeUpdate();
  }

  private static void bind(PreparedStatement sql, int at, long instant) throws SQLException {
    if (instant == OpenChunk.NONE) {
      sql.setNull(at, Types.INTEGER);
    } else {
      sql.setLong(at, instant);
    }
  }

  /** Deletes the series' row; its chunks are deleted later, in slices. */
  void drop(LiveSeries series) throws SQLException {
    statements.run("DELETE FROM series WHERE id = ?", series.id);
    statements.run("INSERT INTO dropped(series) VALUES(?)", series.id);
  }

  /** Ids of deleted series that still have chunks. */
  List<Long> dropped() throws SQLException {
    List<Long> all = new ArrayList<>();
    try (ResultSet row = statements.get("SELECT series FROM dropped").executeQuery()) {
      while (row.next()) {
        all.add(row.getLong(1));
      }
    }
    return all;
  }

  /** Ends the deletion of a series after its last chunk is deleted. */
  void dropIsOver(long series) throws SQLException {
    statements.run("DELETE FROM dropped WHERE series = ?", series);
  }

  /** Writes a chunk; returns the size of its body in bytes. */
  int write(long series, boolean late, long row, PointBlock block) throws SQLException {
    byte[] body = ChunkCodec.encode(block);
    PreparedStatement chunk = statements.get(ChunkRow.INSERT);
    chunk.setLong(1, series);
    chunk.setInt(2, late ? 1 : 0);
    ChunkRow.of(row, block).bind(chunk, 3);
    chunk.executeUpdate();
    PreparedStatement sql = statements.get("INSERT OR REPLACE INTO body(chunk, body) VALUES(?, ?)");
    sql.setLong(1, row);
    sql.setBytes(2, body);
    sql.executeUpdate();
    return body.length;
  }

  /** Deletes the row of a chunk that is about to be rewritten; its body stays until then. */
  void unlist(long series, boolean late, OpenChunk tail) throws SQLException {
    statements.run(
        "DELETE FROM chunk WHERE series = ? AND late = ? AND last = ? AND id = ?",
        series,
        late ? 1 : 0,
        tail.storedLast,
        tail.row);
  }

  /** Deletes a few chunks of the series that end before the instant; returns how many. */
  int prune(long series, boolean late, long before, long butRow) throws SQLException {
    PreparedStatement sql =
        statements.get(
            """
            SELECT id, last FROM chunk WHERE series = ? AND late = ? AND last < ? AND id <> ?
            ORDER BY last LIMIT 256""");
    sql.setLong(1, series);
    sql.setInt(2, late ? 1 : 0);
    sql.setLong(3, before);
    sql.setLong(4, butRow);
    List<OpenChunk> old = new ArrayList<>();
    try (ResultSet row = sql.executeQuery()) {
      while (row.next()) {
        old.add(new OpenChunk(row.getLong(1), row.getLong(2)));
      }
    }
    for (OpenChunk chunk : old) {
      unlist(series, late, chunk);
      statements.run("DELETE FROM body WHERE chunk = ?", chunk.row);
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
    PreparedStatement sql = statements.get("SELECT body FROM body WHERE chunk = ?");
    sql.setLong(1, row);
    try (ResultSet found = sql.executeQuery()) {
      if (!found.next()) {
        throw new CorruptDataException("its body is missing");
      }
      return ChunkCodec.decode(found.getBytes(1));
    }
  }

  /**
   * Returns up to {@code pages} free pages of the file to the disk. The result is the number of
   * free bytes that cannot be returned, because the file was created by a version without
   * incremental vacuum; the file reuses them itself.
   */
  long giveBack(int pages) throws SQLException {
    long free = number("PRAGMA freelist_count");
    if (free > 0) {
      statements.runWhole("PRAGMA incremental_vacuum(" + pages + ")");
      statements.runWhole("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    boolean keeps = number("PRAGMA auto_vacuum") == 0;
    return keeps ? free * number("PRAGMA page_size") : 0;
  }

  /** All series, in the state of the last write of their chunks. */
  List<SeriesRow> series() throws SQLException {
    List<SeriesRow> all = new ArrayList<>();
    PreparedStatement sql =
        statements.get(
            """
            SELECT id, device, metric, up_to, last, sealed_until,
            main_row, main_last, late_row, late_last FROM series""");
    try (ResultSet row = sql.executeQuery()) {
      while (row.next()) {
        all.add(SeriesRow.of(row));
      }
    }
    return all;
  }

  /** The highest series id ever used; ids are not reused. */
  long lastSeries() throws SQLException {
    return number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'series'");
  }

  /** The highest chunk id. */
  long lastChunk() throws SQLException {
    return number("SELECT coalesce(max(chunk), 0) FROM body");
  }

  private long number(String query) throws SQLException {
    try (ResultSet row = statements.get(query).executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
