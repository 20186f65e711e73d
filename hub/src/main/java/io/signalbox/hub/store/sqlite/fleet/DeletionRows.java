package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rows of incomplete deletions of devices: table {@code deletion}. */
final class DeletionRows {
  private static final String SELECT = "SELECT number, device, settled FROM deletion WHERE ";

  private DeletionRows() {}

  static Optional<DeletionRecord> find(Sql sql, String device) throws SQLException {
    return sql.first(SELECT + "device = ?", DeletionRows::deletion, device);
  }

  /** The rows after that number, oldest first. */
  static List<DeletionRecord> after(Sql sql, long number, int limit) throws SQLException {
    return sql.query(
        SELECT + "number > ? ORDER BY number LIMIT ?", DeletionRows::deletion, number, limit);
  }

  static int insert(Sql sql, String device) throws SQLException {
    return sql.update("INSERT INTO deletion (device, settled) VALUES (?, 0)", device);
  }

  static int settle(Sql sql, String device) throws SQLException {
    return sql.update("UPDATE deletion SET settled = 1 WHERE device = ?", device);
  }

  static int delete(Sql sql, String device) throws SQLException {
    return sql.update("DELETE FROM deletion WHERE device = ?", device);
  }

  private static DeletionRecord deletion(ResultSet row) throws SQLException {
    return new DeletionRecord(row.getLong(1), row.getString(2), row.getBoolean(3));
  }
}
