package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Row of a chunk: its time range and statistics, without the body.
 *
 * @param id the chunk's id
 * @param first time of the oldest reading, Unix milliseconds
 * @param last time of the newest reading, Unix milliseconds
 * @param count number of readings
 * @param numbers number of numeric readings; if 0, the following components are undefined
 * @param min the smallest number
 * @param minAt time of its first occurrence
 * @param max the largest number
 * @param maxAt time of its first occurrence
 * @param sum sum of the numbers; infinite on overflow
 */
record ChunkRow(
    long id,
    long first,
    long last,
    int count,
    int numbers,
    double min,
    long minAt,
    double max,
    long maxAt,
    double sum) {

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

  static ChunkRow of(long id, PointBlock block) {
    int numbers = 0;
    int min = 0;
    int max = 0;
    double sum = 0;
    for (int i = 0; i < block.size(); i++) {
      if (block.isNumber(i)) {
        double number = block.number(i);
        min = numbers == 0 || number < block.number(min) ? i : min;
        max = numbers == 0 || number > block.number(max) ? i : max;
        sum += number;
        numbers++;
      }
    }
    return new ChunkRow(
        id,
        block.first(),
        block.last(),
        block.size(),
        numbers,
        numbers == 0 ? 0 : block.number(min),
        block.ts(min),
        numbers == 0 ? 0 : block.number(max),
        block.ts(max),
        Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum);
  }

  static ChunkRow of(ResultSet row) throws SQLException {
    return new ChunkRow(
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

  void insert(Sql sql, long series, boolean late) throws SQLException {
    sql.update(INSERT, series, late, id, first, last, count, numbers, min, minAt, max, maxAt, sum);
  }
}
