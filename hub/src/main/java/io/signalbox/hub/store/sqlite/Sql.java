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
 * SQL on one connection, with its prepared statements kept.
 *
 * <p>Threading: belongs to the thread of its connection; valid only while the work it was given to
 * runs.
 */
public final class Sql {
  private static final int KEPT_STATEMENTS = 128;

  private final Connection connection;
  private final LongAdder statements;
  private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * SQL on that connection.
   *
   * @param statements counts what is run
   */
  Sql(Connection connection, LongAdder statements) {
    this.connection = connection;
    this.statements = statements;
  }

  /** Runs a statement that gives no rows; answers how many it changed. */
  public int update(String sql, @Nullable Object... parameters) throws SQLException {
    return run(sql, PreparedStatement::executeUpdate, parameters);
  }

  /** Runs a query, or a statement with RETURNING, and reads all of its rows. */
  public <T> List<T> query(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    return run(sql, statement -> all(statement, row), parameters);
  }

  /** As {@link #query}, for the first row. */
  public <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    return run(sql, statement -> first(statement, row), parameters);
  }

  /** The first column of the first row of a query that always has one, as count(*) does. */
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
      // The driver gives up a statement that met a full disk: kept, it would fail ever after.
      prepared.remove(sql);
      statement.close();
      throw failed;
    }
  }

  /** What is done with a statement that has its parameters. */
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
    if (prepared.size() > KEPT_STATEMENTS) {
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

  void close() throws SQLException {
    connection.close();
  }

  /** Reads one row. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }
}
