package io.signalbox.hub.store.sqlite.telemetry;

import java.sql.SQLException;

/** Carries an {@code SQLException} through code that is free of SQL. */
final class UncheckedSqlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SQLException cause;

  UncheckedSqlException(SQLException cause) {
    super(cause);
    this.cause = cause;
  }

  SQLException sqlException() {
    return cause;
  }
}
