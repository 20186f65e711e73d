package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reader of chunk rows with its own connection. One thread at a time, see {@link ReaderPool}. */
final class ChunkReader {
  private final StatementCache statements;
  private @Nullable ResultSet walked;

  ChunkReader(Connection connection) {
    statements = new StatementCache(connection);
  }

  /** Starts a snapshot, which lasts until {@link #end}. */
  void begin() throws SQLException {
    statements.run("BEGIN");
  }

  void end() throws SQLException {
    if (walked != null) {
      walked.close();
      walked = null;
    }
    statements.run("ROLLBACK");
  }

  /** Starts a new snapshot, no older than this call. */
  void anew() throws SQLException {
    end();
    begin();
  }

  /** Resets the connection after a failure. */
  void recover() {
    walked = null;
    statements.undo();
  }

  /** Iterator over main-layer chunks; valid until the next call of {@link #main}. */
  interface Chunks {
    @Nullable ChunkRow next() throws SQLException;
  }

  /** Chunks of the main layer that end at or after the instant, oldest first. */
  Chunks main(long series, long from) throws SQLException {
    PreparedStatement main = statements.get(ChunkRow.MAIN);
    main.setLong(1, series);
    main.setLong(2, from);
    ResultSet rows = main.executeQuery();
    walked = rows;
    return () -> rows.next() ? ChunkRow.of(rows) : null;
  }

  /** Chunks of the late layer that overlap the range. */
  List<ChunkRow> late(long series, long from, long to) throws SQLException {
    PreparedStatement late = statements.get(ChunkRow.LATE);
    late.setLong(1, series);
    late.setLong(2, from);
    late.setLong(3, to);
    List<ChunkRow> found = new ArrayList<>();
    try (ResultSet rows = late.executeQuery()) {
      while (rows.next()) {
        found.add(ChunkRow.of(rows));
      }
    }
    return found;
  }

  /** The readings of a chunk. */
  PointBlock load(long row) throws SQLException {
    PreparedStatement body = statements.get("SELECT body FROM body WHERE chunk = ?");
    body.setLong(1, row);
    try (ResultSet found = body.executeQuery()) {
      if (!found.next()) {
        throw new CorruptDataException("the body of chunk " + row + " is missing");
      }
      return decode(row, found.getBytes(1));
    }
  }

  private static PointBlock decode(long row, byte[] bytes) {
    try {
      return ChunkCodec.decode(bytes);
    } catch (CorruptDataException e) {
      throw new CorruptDataException("chunk " + row + ": " + e.getMessage());
    }
  }

  /** Extent of a series' chunks, without the two whose readings are in memory. */
  SeriesExtent extent(long series, long butRow, long andRow) throws SQLException {
    PreparedStatement summary =
        statements.get(
            """
            SELECT min(first), max(last), coalesce(sum(count), 0) FROM chunk
            WHERE series = ? AND id NOT IN (?, ?)""");
    summary.setLong(1, series);
    summary.setLong(2, butRow);
    summary.setLong(3, andRow);
    try (ResultSet row = summary.executeQuery()) {
      row.next();
      long count = row.getLong(3);
      return count == 0
          ? SeriesExtent.NOTHING
          : new SeriesExtent(row.getLong(1), row.getLong(2), count);
    }
  }

  /**
   * Time of a reading in the rows before the instant, after which only late readings can follow;
   * {@code Long.MIN_VALUE} if there is none.
   */
  long lastBefore(long series, long instant) throws SQLException {
    PreparedStatement last =
        statements.get(
            """
            SELECT max(at) FROM (
              SELECT max(last) AS at FROM chunk WHERE series = ?1 AND late = 0 AND last < ?2
              UNION ALL
              SELECT max(last) FROM chunk WHERE series = ?1 AND late = 1 AND last < ?2
              UNION ALL
              SELECT first FROM (
                SELECT first FROM chunk WHERE series = ?1 AND late = 0 AND last >= ?2
                ORDER BY last LIMIT 1) WHERE first < ?2
              UNION ALL
              SELECT max(first) FROM chunk
              WHERE series = ?1 AND late = 1 AND last >= ?2 AND first < ?2)""");
    last.setLong(1, series);
    last.setLong(2, instant);
    try (ResultSet row = last.executeQuery()) {
      row.next();
      long at = row.getLong(1);
      return row.wasNull() ? Long.MIN_VALUE : at;
    }
  }

  void close() throws SQLException {
    statements.close();
  }
}
