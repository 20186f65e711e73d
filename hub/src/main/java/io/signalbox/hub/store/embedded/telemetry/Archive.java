package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import io.signalbox.hub.store.embedded.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.embedded.telemetry.codec.Damaged;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of series and chunks, as the writer thread uses them. It begins and ends transactions;
 * nothing here does.
 */
final class Archive {
  private final Connection connection;
  private final PreparedStatement insertSeries;
  private final PreparedStatement updateSeries;
  private final PreparedStatement deleteSeries;
  private final PreparedStatement insertDropped;
  private final PreparedStatement insertChunk;
  private final PreparedStatement deleteChunk;
  private final PreparedStatement putBody;
  private final PreparedStatement getBody;
  private final PreparedStatement deleteBody;
  private final PreparedStatement deleteDropped;
  private final PreparedStatement selectOld;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement rollback;

  Archive(Connection connection) throws SQLException {
    this.connection = connection;
    insertSeries =
        connection.prepareStatement(
            "INSERT INTO series(id, device, metric, up_to) VALUES(?, ?, ?, 0)");
    updateSeries =
        connection.prepareStatement(
            """
            UPDATE series SET up_to = ?, last = ?, sealed_until = ?,
            main_row = ?, main_last = ?, late_row = ?, late_last = ? WHERE id = ?""");
    deleteSeries = connection.prepareStatement("DELETE FROM series WHERE id = ?");
    insertDropped = connection.prepareStatement("INSERT INTO dropped(series) VALUES(?)");
    insertChunk =
        connection.prepareStatement(
            "INSERT INTO chunk(series, late, %s) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                .formatted(ChunkRow.COLUMNS));
    deleteChunk =
        connection.prepareStatement(
            "DELETE FROM chunk WHERE series = ? AND late = ? AND last = ? AND id = ?");
    putBody = connection.prepareStatement("INSERT OR REPLACE INTO body(chunk, body) VALUES(?, ?)");
    getBody = connection.prepareStatement("SELECT body FROM body WHERE chunk = ?");
    deleteBody = connection.prepareStatement("DELETE FROM body WHERE chunk = ?");
    deleteDropped = connection.prepareStatement("DELETE FROM dropped WHERE series = ?");
    selectOld =
        connection.prepareStatement(
            """
            SELECT id, last FROM chunk WHERE series = ? AND late = ? AND last < ? AND id <> ?
            ORDER BY last LIMIT 256""");
    begin = connection.prepareStatement("BEGIN IMMEDIATE");
    commit = connection.prepareStatement("COMMIT");
    rollback = connection.prepareStatement("ROLLBACK");
  }

  void begin() throws SQLException {
    begin.execute();
  }

  void commit() throws SQLException {
    commit.execute();
  }

  /** Undoes what has been done since {@link #begin}, if anything is left to undo. */
  void rollback() {
    try {
      rollback.execute();
    } catch (SQLException e) {
      // There is no transaction any more: SQLite rolls back by itself when a disk is full.
    }
  }

  void insert(Series series) throws SQLException {
    insertSeries.setLong(1, series.id);
    insertSeries.setString(2, series.device);
    insertSeries.setString(3, series.metric);
    insertSeries.executeUpdate();
  }

  /** Takes the series off the list; its chunks are deleted by and by. */
  void drop(Series series) throws SQLException {
    deleteSeries.setLong(1, series.id);
    deleteSeries.executeUpdate();
    insertDropped.setLong(1, series.id);
    insertDropped.executeUpdate();
  }

  void update(SeriesState state) throws SQLException {
    updateSeries.setLong(1, state.upTo());
    bind(updateSeries, 2, state.last());
    bind(updateSeries, 3, state.sealedUntil());
    updateSeries.setLong(4, state.mainRow());
    bind(updateSeries, 5, state.mainLast());
    updateSeries.setLong(6, state.lateRow());
    bind(updateSeries, 7, state.lateLast());
    updateSeries.setLong(8, state.id());
    updateSeries.executeUpdate();
  }

  private static void bind(PreparedStatement sql, int at, long instant) throws SQLException {
    if (instant == Tail.NONE) {
      sql.setNull(at, Types.INTEGER);
    } else {
      sql.setLong(at, instant);
    }
  }

  /** Writes a chunk; returns the size of its body in bytes. */
  int write(long series, boolean late, long row, Block block) throws SQLException {
    byte[] body = ChunkCodec.encode(block);
    insertChunk.setLong(1, series);
    insertChunk.setInt(2, late ? 1 : 0);
    ChunkRow.of(row, block).bind(insertChunk, 3);
    insertChunk.executeUpdate();
    putBody.setLong(1, row);
    putBody.setBytes(2, body);
    putBody.executeUpdate();
    return body.length;
  }

  /** Takes away the row of a chunk that is written anew; its body stays until then. */
  void unlist(long series, boolean late, Tail tail) throws SQLException {
    deleteChunk.setLong(1, series);
    deleteChunk.setInt(2, late ? 1 : 0);
    deleteChunk.setLong(3, tail.storedLast);
    deleteChunk.setLong(4, tail.row);
    deleteChunk.executeUpdate();
  }

  /** Deletes a few chunks of the series that end before the instant; returns how many. */
  int prune(long series, boolean late, long before, long butRow) throws SQLException {
    selectOld.setLong(1, series);
    selectOld.setInt(2, late ? 1 : 0);
    selectOld.setLong(3, before);
    selectOld.setLong(4, butRow);
    List<Tail> old = new ArrayList<>();
    try (ResultSet row = selectOld.executeQuery()) {
      while (row.next()) {
        old.add(new Tail(row.getLong(1), row.getLong(2)));
      }
    }
    for (Tail chunk : old) {
      unlist(series, late, chunk);
      deleteBody.setLong(1, chunk.row);
      deleteBody.executeUpdate();
    }
    return old.size();
  }

  /** The series whose chunks are still to be deleted. */
  List<Long> dropped() throws SQLException {
    List<Long> all = new ArrayList<>();
    try (PreparedStatement sql = connection.prepareStatement("SELECT series FROM dropped");
        ResultSet row = sql.executeQuery()) {
      while (row.next()) {
        all.add(row.getLong(1));
      }
    }
    return all;
  }

  /** No chunk of the series is left. */
  void dropIsOver(long series) throws SQLException {
    deleteDropped.setLong(1, series);
    deleteDropped.executeUpdate();
  }

  /** Reads a chunk's body back. */
  Block load(long row) throws SQLException {
    getBody.setLong(1, row);
    try (ResultSet found = getBody.executeQuery()) {
      if (!found.next()) {
        throw new Damaged("the body of chunk " + row + " is missing");
      }
      return ChunkCodec.decode(found.getBytes(1));
    }
  }

  /** Every series, as it was when its chunks were written last. */
  List<SeriesState> series() throws SQLException {
    List<SeriesState> all = new ArrayList<>();
    try (PreparedStatement sql =
            connection.prepareStatement(
                """
                SELECT id, device, metric, up_to, last, sealed_until,
                main_row, main_last, late_row, late_last FROM series""");
        ResultSet row = sql.executeQuery()) {
      while (row.next()) {
        all.add(SeriesState.of(row));
      }
    }
    return all;
  }

  /** The highest number a series ever had, so that none comes again. */
  long lastSeries() throws SQLException {
    return number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'series'");
  }

  /** The highest row of a chunk. */
  long lastChunk() throws SQLException {
    return number("SELECT coalesce(max(chunk), 0) FROM body");
  }

  private long number(String query) throws SQLException {
    try (PreparedStatement sql = connection.prepareStatement(query);
        ResultSet row = sql.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
