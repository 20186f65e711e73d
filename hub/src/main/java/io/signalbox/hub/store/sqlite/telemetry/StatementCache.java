package io.signalbox.hub.store.sqlite.telemetry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * Cache of prepared statements of one connection. After errors such as a full disk the driver's
 * statements stay unusable, so all are prepared again. One thread at a time.
 */
final class StatementCache {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** Body of a transaction. */
  interface Step {
    void run() throws SQLException;
  }

  StatementCache(Connection connection) {
    this.connection = connection;
  }

  /** The prepared statement, ready for binding. */
  PreparedStatement get(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  /** Runs a statement with integer parameters. */
  void run(String sql, long... numbers) throws SQLException {
    PreparedStatement statement = get(sql);
    for (int i = 0; i < numbers.length; i++) {
      statement.setLong(i + 1, numbers[i]);
    }
    statement.executeUpdate();
  }

  /** Runs a statement that works row by row to its end, and discards the rows. */
  void runWhole(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Runs the step as one transaction: durable on return, rolled back on an exception. */
  void transaction(Step step) throws SQLException {
    try {
      run("BEGIN IMMEDIATE");
      step.run();
      run("COMMIT");
    } catch (SQLException | RuntimeException e) {
      undo();
      throw e;
    }
  }

  /** Rolls back the failed transaction, unless SQLite has done so, and resets the statements. */
  void undo() {
    renew();
    try {
      run("ROLLBACK");
    } catch (SQLException e) {
      renew(); // SQLite had rolled back already.
    }
  }

  private void renew() {
    for (PreparedStatement each : prepared.values()) {
      try {
        each.close();
      } catch (SQLException e) {
        // The driver had closed it already.
      }
    }
    prepared.clear();
  }

  void close() throws SQLException {
    connection.close();
  }
}
