package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.telemetry.ChunkHead;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Row of a chunk's head. */
final class ChunkRow {
  // In the order of insertion and reading.
  private static final String COLUMNS =
      "id, first, last, count, numbers, min, min_at, max, max_at, sum";

  private static final String INSERT =
      "INSERT INTO chunk(series, late, %s) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          .formatted(COLUMNS);
  static final String MAIN =
      "SELECT %s FROM chunk WHERE series = ? AND late = 0 AND last >= ? ORDER BY last"
          .formatted(COLUMNS);
  static final String LATE =
      "SELECT %s FROM chunk WHERE series = ? AND late = 1 AND last >= ? AND first < ?"
          .formatted(COLUMNS);

  private ChunkRow() {}

  static ChunkHead read(ResultSet row) throws SQLException {
    return new ChunkHead(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getInt(4),
        row.getInt(5),
        row.getDouble(6),
        row.getLong(7),
        row.getDouble(8),
        row.getLong(9),
        row.getDouble(10));
  }

  static void insert(Sql sql, long series, boolean late, ChunkHead head) throws SQLException {
    sql.update(
        INSERT,
        series,
        late,
        head.id(),
        head.first(),
        head.last(),
        head.count(),
        head.numbers(),
        head.min(),
        head.minAt(),
        head.max(),
        head.maxAt(),
        head.sum());
  }
}
