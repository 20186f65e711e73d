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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SQL executor on one connection, with a cache of prepared statements. A statement outside of a
 * transaction is a transaction of its own; a write must not be outside while a {@link Cursor} is
 * open, because SQLite may then delay its commit.
 *
 * <p>After errors such as a full disk the driver's statement stays unusable, so a statement that
 * has failed is prepared again.
 *
 * <p>Threading: one thread at a time. In a {@link Work} it is valid only while the work runs.
 */
public final class Sql implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sql.class);
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

  /** Work in a transaction. Any exception rolls it back; refusals are passed to the caller. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Sql sql) throws SQLException;
  }

  /** Body of a transaction. */
  @FunctionalInterface
  public interface Step {
    void run() throws SQLException;
  }

  /** Reads one row. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
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

  /** Runs a query whose rows are read one by one, while other statements may run. */
  public <T> Cursor<T> open(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    ResultSet rows = run(sql, PreparedStatement::executeQuery, parameters);
    return new Cursor<>(this, sql, rows, row);
  }

  /** Position in the rows of a query. One at a time per query. */
  public static final class Cursor<T> implements AutoCloseable {
    private final Sql owner;
    private final String sql;
    private final ResultSet rows;
    private final Row<T> row;

    private Cursor(Sql owner, String sql, ResultSet rows, Row<T> row) {
      this.owner = owner;
      this.sql = sql;
      this.rows = rows;
      this.row = row;
    }

    /** The next row; null at the end. */
    public @Nullable T next() throws SQLException {
      try {
        return rows.next() ? row.read(rows) : null;
      } catch (SQLException failed) {
        owner.drop(sql);
        throw failed;
      }
    }

    @Override
    public void close() throws SQLException {
      rows.close();
    }
  }

  /** Runs several statements, separated by semicolons, and discards their rows. */
  public void script(String statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(statements);
    }
  }

  /** Runs the step as one transaction: durable on return, rolled back on an exception. */
  public void transaction(Step step) throws SQLException {
    try {
      begin();
      step.run();
      commit();
    } catch (SQLException | RuntimeException failed) {
      undo();
      throw failed;
    }
  }

  /** Rolls back what is left of a failed transaction, unless SQLite has done so. */
  public void undo() {
    try {
      rollback();
    } catch (SQLException rolledBackAlready) {
      // SQLite itself rolls back after some errors, such as a full disk.
    }
  }

  /** Ends the snapshot of a query, and starts one that is no older than this call. */
  public void renewSnapshot() throws SQLException {
    rollback();
    beginQuery();
  }

  /** Begins a transaction that writes. */
  void begin() throws SQLException {
    control("BEGIN IMMEDIATE");
  }

  /** Begins a query: its statements see one snapshot, which its first statement takes. */
  void beginQuery() throws SQLException {
    control("BEGIN");
  }

  void commit() throws SQLException {
    control("COMMIT");
  }

  void rollback() throws SQLException {
    control("ROLLBACK");
  }

  private void control(String sql) throws SQLException {
    execute(sql, PreparedStatement::executeUpdate);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Closes a connection of which nothing is needed any more. */
  void discard() {
    try {
      connection.close();
    } catch (SQLException unimportant) {
      LOG.debug("Connection could not be closed", unimportant);
    }
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

  /** Execution of a statement with bound parameters. */
  @FunctionalInterface
  private interface Execution<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  private <T> T run(String sql, Execution<T> execution, @Nullable Object... parameters)
      throws SQLException {
    statements.increment();
    return execute(sql, execution, parameters);
  }

  private <T> T execute(String sql, Execution<T> execution, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = bound(sql, parameters);
    try {
      return execution.of(statement);
    } catch (SQLException failed) {
      drop(sql);
      throw failed;
    }
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

  private void drop(String sql) throws SQLException {
    PreparedStatement statement = prepared.remove(sql);
    if (statement != null) {
      statement.close();
    }
  }
}
