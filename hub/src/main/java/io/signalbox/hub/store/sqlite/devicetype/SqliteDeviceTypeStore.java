package io.signalbox.hub.store.sqlite.devicetype;

import io.signalbox.hub.devicetype.DeviceTypeStore;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.sqlite.Schema;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Store of device types in {@code hub.db}. */
public final class SqliteDeviceTypeStore implements DeviceTypeStore {
  /** Schema of the store's tables. */
  public static final Schema SCHEMA =
      Schema.of(
          "devicetype",
          """
          -- document: compact JSON; null: deleted, and the row keeps the number of the last version
          CREATE TABLE device_type (
            name     TEXT PRIMARY KEY,
            version  INTEGER NOT NULL,
            ts       INTEGER NOT NULL,
            by       TEXT NOT NULL,
            document TEXT
          ) WITHOUT ROWID;

          CREATE TABLE device_type_version (
            name     TEXT NOT NULL REFERENCES device_type (name) ON DELETE CASCADE,
            version  INTEGER NOT NULL,
            ts       INTEGER NOT NULL,
            by       TEXT NOT NULL,
            document TEXT,
            PRIMARY KEY (name, version)
          ) WITHOUT ROWID;
          """);

  private static final String COLUMNS = "SELECT name, version, ts, by, document FROM ";
  private static final String DEFINED =
      "SELECT count(*) FROM device_type WHERE document IS NOT NULL";

  private final SqliteDatabase database;

  /** A store on a database that was opened with {@link #SCHEMA}. */
  public SqliteDeviceTypeStore(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Optional<StoredType>> find(String name) {
    return database.read(sql -> row(sql, name).filter(SqliteDeviceTypeStore::isDefined));
  }

  @Override
  public Future<Revision> revise(
      String name, Change change, String by, long at, Consumer<Revision> committed) {
    return database.write(sql -> revise(sql, name, change, by, at), committed);
  }

  @Override
  public Future<Void> delete(
      String name, Precondition precondition, String by, long at, Consumer<StoredType> committed) {
    return database
        .writeAlways(sql -> delete(sql, name, precondition, by, at), committed)
        .mapEmpty();
  }

  @Override
  public Future<Page<StoredType>> list(@Nullable String cursor, int limit) {
    return database.list(
        sql -> {
          List<StoredType> types =
              sql.query(
                  COLUMNS
                      + "device_type WHERE document IS NOT NULL AND name > ? ORDER BY name LIMIT ?",
                  SqliteDeviceTypeStore::type,
                  cursor == null ? "" : cursor,
                  limit + 1);
          return Paging.page(
              types, limit, Function.identity(), StoredType::name, sql.number(DEFINED));
        });
  }

  @Override
  public Future<Page<StoredType>> versions(String name, @Nullable String cursor, int limit) {
    return database.list(
        sql -> {
          long total = sql.number("SELECT count(*) FROM device_type_version WHERE name = ?", name);
          if (total == 0) {
            throw DeviceTypes.unknown(name);
          }
          List<StoredType> versions =
              sql.query(
                  COLUMNS
                      + "device_type_version WHERE name = ? AND version < ?"
                      + " ORDER BY version DESC LIMIT ?",
                  SqliteDeviceTypeStore::type,
                  name,
                  Paging.after(cursor, Long.MAX_VALUE),
                  limit + 1);
          return Paging.page(
              versions, limit, Function.identity(), type -> Paging.cursor(type.version()), total);
        });
  }

  private static Revision revise(Sql sql, String name, Change change, String by, long at)
      throws SQLException {
    Optional<StoredType> row = row(sql, name);
    StoredType present = row.filter(SqliteDeviceTypeStore::isDefined).orElse(null);
    String document = change.appliedTo(present);
    if (present == null) {
      requireRoom(sql);
    } else if (document.equals(present.document())) {
      return new Revision(present, present);
    }
    long version = row.map(StoredType::version).orElse(0L) + 1;
    StoredType revised = new StoredType(name, version, at, by, document);
    put(sql, revised);
    return new Revision(present, revised);
  }

  private static void requireRoom(Sql sql) throws SQLException {
    if (sql.number(DEFINED) >= MAX_TYPES) {
      throw DeviceTypeStore.full();
    }
  }

  private static StoredType delete(
      Sql sql, String name, Precondition precondition, String by, long at) throws SQLException {
    StoredType present =
        row(sql, name)
            .filter(SqliteDeviceTypeStore::isDefined)
            .orElseThrow(() -> DeviceTypes.unknown(name));
    precondition.check("type " + name, present.version(), () -> Long.toString(present.version()));
    StoredType deletion = new StoredType(name, present.version() + 1, at, by, null);
    put(sql, deletion);
    sql.update(
        "DELETE FROM device_type WHERE document IS NULL AND name NOT IN"
            + " (SELECT name FROM device_type WHERE document IS NULL ORDER BY ts DESC LIMIT ?)",
        KEPT_DELETED);
    return deletion;
  }

  private static void put(Sql sql, StoredType type) throws SQLException {
    sql.update(
        "INSERT INTO device_type VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            + " version = excluded.version, ts = excluded.ts, by = excluded.by,"
            + " document = excluded.document",
        columns(type));
    sql.update("INSERT INTO device_type_version VALUES (?, ?, ?, ?, ?)", columns(type));
    sql.update(
        "DELETE FROM device_type_version WHERE name = ? AND version <= ?",
        type.name(),
        type.version() - KEPT_VERSIONS);
  }

  private static @Nullable Object[] columns(StoredType type) {
    return new @Nullable Object[] {
      type.name(), type.version(), type.ts(), type.by(), type.document()
    };
  }

  private static Optional<StoredType> row(Sql sql, String name) throws SQLException {
    return sql.first(COLUMNS + "device_type WHERE name = ?", SqliteDeviceTypeStore::type, name);
  }

  private static boolean isDefined(StoredType type) {
    return type.document() != null;
  }

  private static StoredType type(ResultSet row) throws SQLException {
    return new StoredType(
        row.getString(1), row.getLong(2), row.getLong(3), row.getString(4), row.getString(5));
  }
}
