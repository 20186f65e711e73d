package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.telemetry.ChunkHead;
import io.signalbox.hub.store.telemetry.ChunkSource;
import io.signalbox.hub.store.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.telemetry.codec.CorruptDataException;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;

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

  /** The chunks of a series; errors are thrown as {@link UncheckedSqlException}. */
  ChunkSource chunks(long series) {
    return new ChunkSource() {
      @Override
      public void main(long from, Predicate<ChunkHead> consumer) {
        unchecked(() -> visit(series, from, consumer));
      }

      @Override
      public List<ChunkHead> late(long from, long to) {
        return unchecked(() -> sql.query(ChunkRow.LATE, ChunkRow::read, series, from, to));
      }

      @Override
      public PointBlock load(long id) {
        return unchecked(() -> ChunkReader.this.load(id));
      }
    };
  }

  /** A statement on the rows. */
  @FunctionalInterface
  private interface Statement<T> {
    T run() throws SQLException;
  }

  private static <T> T unchecked(Statement<T> statement) {
    try {
      return statement.run();
    } catch (SQLException e) {
      throw new UncheckedSqlException(e);
    }
  }

  private boolean visit(long series, long from, Predicate<ChunkHead> consumer) throws SQLException {
    try (Sql.Cursor<ChunkHead> rows = sql.open(ChunkRow.MAIN, ChunkRow::read, series, from)) {
      ChunkHead head = rows.next();
      while (head != null && consumer.test(head)) {
        head = rows.next();
      }
      return head == null;
    }
  }

  private PointBlock load(long row) throws SQLException {
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
