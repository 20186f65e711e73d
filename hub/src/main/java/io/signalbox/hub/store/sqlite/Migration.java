package io.signalbox.hub.store.sqlite;

import java.sql.SQLException;

/** Migrates the tables of each component to the newest schema, in one transaction. */
final class Migration {
  private Migration() {}

  static void migrate(Sql sql, Schema... schemas) throws SQLException {
    sql.transaction(
        () -> {
          sql.update(
              "CREATE TABLE IF NOT EXISTS schema_version"
                  + " (room TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID");
          for (Schema schema : schemas) {
            migrate(sql, schema);
          }
        });
  }

  private static void migrate(Sql sql, Schema schema) throws SQLException {
    int known = schema.steps().size();
    int present =
        sql.first(
                "SELECT version FROM schema_version WHERE room = ?",
                row -> row.getInt(1),
                schema.component())
            .orElse(0);
    if (present > known) {
      throw new IllegalStateException(
          "the %s tables have schema version %d; this version of the hub supports at most %d"
              .formatted(schema.component(), present, known));
    }
    for (String step : schema.steps().subList(present, known)) {
      sql.script(step);
    }
    sql.update("INSERT OR REPLACE INTO schema_version VALUES (?, ?)", schema.component(), known);
  }
}
