package io.signalbox.hub.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * SQL executor on one connection, with a cache of prepared statements.
 *
 * <p>Threading: belongs to the thread of its connection; valid only during the task that received
 * it.
 */
public final class Sql {
  private static final int MAX_STATEMENTS = 128;

  private final Connection connection;
  private final LongAdder statements;
  private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * An executor on the connection.
   *
   * @param statements counter of executed statements
   */
  Sql(Connection connection, LongAdder statements) {
    this.connection = connection;
    this.statements = statements;
  }

  /** Runs a statement that returns no rows; returns the number of changed rows. */
  public int update(String sql, @Nullable Object... parameters) throws SQLException {
    return run(sql, PreparedStatement::executeUpdate, parameters);
  }

  /** Runs a query, or a statement with RETURNING, and reads all of its rows. */
  public <T> List<T> query(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    return run(sql, statement -> all(statement, row), parameters);
  }

  /** Like {@link #query}, but returns only the first row. */
  public <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    return run(sql, statement -> first(statement, row), parameters);
  }

  /** The first column of a query that always returns a row, such as count(*). */
  public long number(String sql, @Nullable Object... parameters) throws SQLException {
    return first(sql, row -> row.getLong(1), parameters).orElseThrow();
  }

  private static <T> List<T> all(PreparedStatement statement, Row<T> row) throws SQLException {
    try (ResultSet results = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (results.next()) {
        rows.add(row.read(results));
      }
      return rows;
    }
  }

  private static <T> Optional<T> first(PreparedStatement statement, Row<T> row)
      throws SQLException {
    try (ResultSet results = statement.executeQuery()) {
      return results.next() ? Optional.of(row.read(results)) : Optional.empty();
    }
  }

  private <T> T run(String sql, Execution<T> execution, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = bound(sql, parameters);
    statements.increment();
    try {
      return execution.of(statement);
    } catch (SQLException failed) {
      // After a full disk the driver's statement stays unusable, so it is not cached.
      prepared.remove(sql);
      statement.close();
      throw failed;
    }
  }

  /** Execution of a statement with bound parameters. */
  @FunctionalInterface
  private interface Execution<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  private PreparedStatement bound(String sql, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      keep(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    prepared.put(sql, statement);
    if (prepared.size() > MAX_STATEMENTS) {
      var eldest = prepared.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
  }

  /** Runs several statements, separated by semicolons. */
  void script(String statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(statements);
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  void close() throws SQLException {
    connection.close();
  }

  /** Reads one row. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }
}
