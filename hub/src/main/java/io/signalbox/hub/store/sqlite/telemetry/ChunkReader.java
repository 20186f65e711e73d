package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Reads chunk rows in the snapshot of one query. One thread. */
final class ChunkReader {
  private final Sql sql;

  ChunkReader(Sql sql) {
    this.sql = sql;
  }

  /** Starts a new snapshot, no older than this call. */
  void anew() throws SQLException {
    sql.renewSnapshot();
  }

  /** Chunks of the main layer that end at or after the instant, oldest first. */
  Sql.Cursor<ChunkRow> main(long series, long from) throws SQLException {
    return sql.open(ChunkRow.MAIN, ChunkRow::of, series, from);
  }

  /** Chunks of the late layer that overlap the range. */
  List<ChunkRow> late(long series, long from, long to) throws SQLException {
    return sql.query(ChunkRow.LATE, ChunkRow::of, series, from, to);
  }

  /** The readings of a chunk. */
  PointBlock load(long row) throws SQLException {
    return sql.first(
            "SELECT body FROM body WHERE chunk = ?", found -> decode(row, found.getBytes(1)), row)
        .orElseThrow(() -> damaged("the body of chunk " + row + " is missing"));
  }

  private static PointBlock decode(long row, byte[] bytes) {
    try {
      return ChunkCodec.decode(bytes);
    } catch (CorruptDataException e) {
      throw damaged("chunk " + row + ": " + e.getMessage());
    }
  }

  private static Refusal damaged(String how) {
    return new Refusal(
        Refusal.ErrorCode.INTERNAL, TelemetryFile.describe(new CorruptDataException(how)));
  }

  /** Extent of a series' chunks, without the two whose readings are in memory. */
  SeriesExtent extent(long series, long butRow, long andRow) throws SQLException {
    return sql.first(
            """
            SELECT min(first), max(last), coalesce(sum(count), 0) FROM chunk
            WHERE series = ? AND id NOT IN (?, ?)""",
            ChunkReader::extent,
            series,
            butRow,
            andRow)
        .orElseThrow();
  }

  private static SeriesExtent extent(ResultSet row) throws SQLException {
    long count = row.getLong(3);
    return count == 0
        ? SeriesExtent.NOTHING
        : new SeriesExtent(row.getLong(1), row.getLong(2), count);
  }

  /**
   * Time of a reading in the rows before the instant, after which only late readings can follow;
   * {@code Long.MIN_VALUE} if there is none.
   */
  long lastBefore(long series, long instant) throws SQLException {
    return sql.number(
        """
        SELECT coalesce(max(at), ?3) FROM (
          SELECT max(last) AS at FROM chunk WHERE series = ?1 AND late = 0 AND last < ?2
          UNION ALL
          SELECT max(last) FROM chunk WHERE series = ?1 AND late = 1 AND last < ?2
          UNION ALL
          SELECT first FROM (
            SELECT first FROM chunk WHERE series = ?1 AND late = 0 AND last >= ?2
            ORDER BY last LIMIT 1) WHERE first < ?2
          UNION ALL
          SELECT max(first) FROM chunk
          WHERE series = ?1 AND late = 1 AND last >= ?2 AND first < ?2)""",
        series,
        instant,
        Long.MIN_VALUE);
  }
}
