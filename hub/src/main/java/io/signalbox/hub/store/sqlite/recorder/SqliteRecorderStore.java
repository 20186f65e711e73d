package io.signalbox.hub.store.sqlite.recorder;

import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderStore;
import io.signalbox.hub.store.sqlite.Schema;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SQLite implementation of {@link RecorderStore}: one row per entry, numbered per device.
 *
 * <p>Threading: any thread; futures complete on the database's threads.
 */
public final class SqliteRecorderStore implements RecorderStore {
  /** Schema of the table; migrate after the device table. */
  public static final Schema SCHEMA =
      Schema.of(
          "recorder",
          """
          CREATE TABLE recorder (
            device    TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
            number    INTEGER NOT NULL,
            ts        INTEGER NOT NULL,
            kind      TEXT NOT NULL,
            code      TEXT NOT NULL,
            text      TEXT NOT NULL,
            session   INTEGER,
            transport TEXT,
            address   TEXT,
            command   TEXT,
            node      TEXT NOT NULL,
            times     INTEGER NOT NULL,
            last      INTEGER NOT NULL,
            PRIMARY KEY (device, number)
          ) WITHOUT ROWID
          """);

  private final SqliteDatabase database;
  private final int keep;

  /**
   * A store on a database that was opened with {@link #SCHEMA}.
   *
   * @param keep maximum number of entries per device
   */
  public SqliteRecorderStore(SqliteDatabase database, int keep) {
    this.database = database;
    this.keep = keep;
  }

  @Override
  public Future<Void> append(List<RecorderEntry> entries) {
    return database.write(sql -> appendAll(sql, entries)).mapEmpty();
  }

  @Override
  public Future<List<RecorderEntry>> notes(String device) {
    return database.list(
        sql ->
            sql.query(
                "SELECT device, ts, kind, code, text, session, transport, address, command, node,"
                    + " times, last FROM recorder WHERE device = ?"
                    + " ORDER BY last DESC, number DESC",
                SqliteRecorderStore::entry,
                device));
  }

  private int appendAll(Sql sql, List<RecorderEntry> entries) throws SQLException {
    for (RecorderEntry entry : entries) {
      if (!merged(sql, entry)) {
        insert(sql, entry);
      }
    }
    return entries.size();
  }

  /** Merges the entry into a recent equal one by counting it; false if there is none. */
  private static boolean merged(Sql sql, RecorderEntry entry) throws SQLException {
    ConnectionInfo connection = entry.connection();
    return sql.update(
            "UPDATE recorder SET text = ?, session = ?, transport = ?, address = ?, command = ?,"
                + " node = ?, times = times + ?, ts = min(ts, ?), last = max(last, ?)"
                + " WHERE device = ? AND number ="
                + " (SELECT number FROM (SELECT number, kind, code, last FROM recorder"
                + " WHERE device = ? ORDER BY number DESC LIMIT ?)"
                + " WHERE kind = ? AND code = ? AND last > ? ORDER BY number DESC LIMIT 1)",
            entry.text(),
            connection.session(),
            word(connection.transport()),
            connection.address(),
            entry.command(),
            entry.node(),
            entry.times(),
            entry.ts(),
            entry.last(),
            entry.device(),
            entry.device(),
            AMONG,
            word(entry.kind()),
            entry.code(),
            entry.ts() - entry.kind().againMillis())
        > 0;
  }

  private void insert(Sql sql, RecorderEntry entry) throws SQLException {
    ConnectionInfo connection = entry.connection();
    Optional<Long> number =
        sql.first(
            "INSERT INTO recorder SELECT id,"
                + " (SELECT coalesce(max(number), 0) + 1 FROM recorder WHERE device = id),"
                + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM device WHERE id = ? RETURNING number",
            row -> row.getLong(1),
            entry.ts(),
            word(entry.kind()),
            entry.code(),
            entry.text(),
            connection.session(),
            word(connection.transport()),
            connection.address(),
            entry.command(),
            entry.node(),
            entry.times(),
            entry.last(),
            entry.device());
    if (number.isPresent() && number.get() > keep) {
      sql.update(
          "DELETE FROM recorder WHERE device = ? AND number <= ?",
          entry.device(),
          number.get() - keep);
    }
  }

  private static RecorderEntry entry(ResultSet row) throws SQLException {
    String transport = row.getString(7);
    return new RecorderEntry(
        row.getString(1),
        row.getLong(2),
        RecorderEntry.Kind.valueOf(constant(row.getString(3))),
        row.getString(4),
        row.getString(5),
        new ConnectionInfo(
            session(row),
            transport == null ? null : Transport.valueOf(constant(transport)),
            row.getString(8)),
        row.getString(9),
        row.getString(10),
        row.getInt(11),
        row.getLong(12));
  }

  private static @Nullable Long session(ResultSet row) throws SQLException {
    long session = row.getLong(6);
    return row.wasNull() ? null : (Long) session;
  }

  private static @Nullable String word(@Nullable Enum<?> constant) {
    return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
  }

  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
