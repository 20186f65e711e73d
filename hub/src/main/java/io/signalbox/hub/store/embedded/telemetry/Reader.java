package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import io.signalbox.hub.store.embedded.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.embedded.telemetry.codec.Damaged;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection that reads chunk rows. One thread at a time, see {@link ReadingRoom}. */
final class Reader {
  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement end;
  private final PreparedStatement main;
  private final PreparedStatement late;
  private final PreparedStatement body;
  private final PreparedStatement summary;
  private @Nullable ResultSet walked;

  Reader(Connection connection) throws SQLException {
    this.connection = connection;
    begin = connection.prepareStatement("BEGIN");
    end = connection.prepareStatement("ROLLBACK");
    main =
        connection.prepareStatement(
            "SELECT %s FROM chunk WHERE series = ? AND late = 0 AND last >= ? ORDER BY last"
                .formatted(ChunkRow.COLUMNS));
    late =
        connection.prepareStatement(
            "SELECT %s FROM chunk WHERE series = ? AND late = 1 AND last >= ? AND first < ?"
                .formatted(ChunkRow.COLUMNS));
    body = connection.prepareStatement("SELECT body FROM body WHERE chunk = ?");
    summary =
        connection.prepareStatement(
            "SELECT min(first), max(last), coalesce(sum(count), 0) FROM chunk"
                + " WHERE series = ? AND id NOT IN (?, ?)");
  }

  /** From here to {@link #end} everything is seen as of one moment. */
  void begin() throws SQLException {
    begin.execute();
  }

  void end() throws SQLException {
    if (walked != null) {
      walked.close();
      walked = null;
    }
    end.execute();
  }

  /** Chunks of the main layer one after another; the next call of {@link #main} ends it. */
  interface Chunks {
    @Nullable ChunkRow next() throws SQLException;
  }

  /** Chunks of the main layer that end at or after the instant, oldest first. */
  Chunks main(long series, long from) throws SQLException {
    main.setLong(1, series);
    main.setLong(2, from);
    ResultSet rows = main.executeQuery();
    walked = rows;
    return () -> rows.next() ? ChunkRow.of(rows) : null;
  }

  /** Chunks of the late layer that touch the range. */
  List<ChunkRow> late(long series, long from, long to) throws SQLException {
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
  Block load(long row) throws SQLException {
    body.setLong(1, row);
    try (ResultSet found = body.executeQuery()) {
      if (!found.next()) {
        throw new Damaged("the body of chunk " + row + " is missing");
      }
      return decode(row, found.getBytes(1));
    }
  }

  private static Block decode(long row, byte[] bytes) {
    try {
      return ChunkCodec.decode(bytes);
    } catch (Damaged e) {
      throw new Damaged("chunk " + row + ": " + e.getMessage());
    }
  }

  /** Oldest, newest and count over a series' chunks but two, whose readings are in memory. */
  Extent extent(long series, long butRow, long andRow) throws SQLException {
    summary.setLong(1, series);
    summary.setLong(2, butRow);
    summary.setLong(3, andRow);
    try (ResultSet row = summary.executeQuery()) {
      row.next();
      long count = row.getLong(3);
      return count == 0 ? Extent.NOTHING : new Extent(row.getLong(1), row.getLong(2), count);
    }
  }

  void close() throws SQLException {
    connection.close();
  }
}
