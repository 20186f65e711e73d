package io.signalbox.hub.store.sqlite.telemetry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A connection with its prepared statements. The driver gives a statement up when it meets a full
 * disk and the like, so after a failure all are prepared anew. One thread at a time.
 */
final class StatementCache {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** What is done in a transaction. */
  interface Step {
    void run() throws SQLException;
  }

  StatementCache(Connection connection) {
    this.connection = connection;
  }

  /** The statement, ready to be bound and run. */
  PreparedStatement get(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  /** Runs a statement that takes whole numbers. */
  void run(String sql, long... numbers) throws SQLException {
    PreparedStatement statement = get(sql);
    for (int i = 0; i < numbers.length; i++) {
      statement.setLong(i + 1, numbers[i]);
    }
    statement.executeUpdate();
  }

  /** Runs a statement that does its work row by row, to its end; the rows are not wanted. */
  void runWhole(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Runs the step as one transaction: durable when this returns, or undone when it throws. */
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

  /**
   * Leaves the transaction that has failed, if SQLite has not done so itself, and starts afresh.
   */
  void undo() {
    renew();
    try {
      run("ROLLBACK");
    } catch (SQLException e) {
      renew(); // There was nothing left to undo.
    }
  }

  private void renew() {
    for (PreparedStatement each : prepared.values()) {
      try {
        each.close();
      } catch (SQLException e) {
        // It was given up already.
      }
    }
    prepared.clear();
  }

  void close() throws SQLException {
    connection.close();
  }
}
