package io.signalbox.hub.store.sqlite.access;

import io.signalbox.hub.access.AccessStore;
import io.signalbox.hub.access.ApiKey;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.store.sqlite.Schema;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Store of API keys and the hub's secret in {@code hub.db}. */
public final class SqliteAccessStore implements AccessStore {
  /** Schema of the store's tables. */
  public static final Schema SCHEMA =
      Schema.of(
          "access",
          """
          -- scopes: the protocol's names, separated by spaces
          CREATE TABLE api_key (
            id         TEXT PRIMARY KEY,
            name       TEXT NOT NULL,
            scopes     TEXT NOT NULL,
            created    INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            last_used  INTEGER,
            key_hash   BLOB NOT NULL UNIQUE
          ) WITHOUT ROWID;

          -- signs the sessions of people; without its row everybody has to sign in again
          CREATE TABLE secret (
            id    INTEGER PRIMARY KEY CHECK (id = 1),
            value BLOB NOT NULL
          );
          """);

  private static final String SELECT =
      "SELECT id, name, scopes, created, created_by, last_used FROM api_key ";

  private final SqliteDatabase database;

  /** A store on a database that was opened with {@link #SCHEMA}. */
  public SqliteAccessStore(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Void> put(ApiKey key, KeyHash hash) {
    return database.writeAlways(sql -> put(sql, key, hash)).mapEmpty();
  }

  @Override
  public Future<Boolean> putFirst(ApiKey key, KeyHash hash) {
    return database.writeAlways(sql -> putFirst(sql, key, hash));
  }

  @Override
  public Future<Optional<ApiKey>> findByHash(KeyHash hash) {
    return database.read(
        sql -> sql.first(SELECT + "WHERE key_hash = ?", SqliteAccessStore::key, hash.bytes()));
  }

  @Override
  public Future<Optional<ApiKey>> find(String id) {
    return database.read(sql -> find(sql, id));
  }

  @Override
  public Future<List<ApiKey>> all() {
    return database.list(SqliteAccessStore::all);
  }

  @Override
  public Future<Void> delete(String id) {
    return database.writeAlways(sql -> delete(sql, id)).mapEmpty();
  }

  @Override
  public Future<Void> used(String id, long at) {
    return database
        .writeAlways(sql -> sql.update("UPDATE api_key SET last_used = ? WHERE id = ?", at, id))
        .mapEmpty();
  }

  @Override
  public Future<byte[]> secret(byte[] ifNone) {
    return database.writeAlways(sql -> secret(sql, ifNone));
  }

  private static Optional<ApiKey> find(Sql sql, String id) throws SQLException {
    return sql.first(SELECT + "WHERE id = ?", SqliteAccessStore::key, id);
  }

  private static List<ApiKey> all(Sql sql) throws SQLException {
    return sql.query(SELECT + "ORDER BY created, id", SqliteAccessStore::key);
  }

  private static int put(Sql sql, ApiKey key, KeyHash hash) throws SQLException {
    String others = "SELECT count(*) FROM api_key WHERE key_hash = ? AND id <> ?";
    if (sql.number(others, hash.bytes(), key.id()) > 0) {
      throw AccessStore.duplicate();
    }
    return sql.update(
        "INSERT OR REPLACE INTO api_key VALUES (?, ?, ?, ?, ?, ?, ?)",
        key.id(),
        key.name(),
        Scope.stored(key.scopes()),
        key.created(),
        key.createdBy(),
        key.lastUsed(),
        hash.bytes());
  }

  private static boolean putFirst(Sql sql, ApiKey key, KeyHash hash) throws SQLException {
    return all(sql).stream().noneMatch(ApiKey::isAdmin) && put(sql, key, hash) > 0;
  }

  private static int delete(Sql sql, String id) throws SQLException {
    if (find(sql, id).isEmpty()) {
      throw AccessStore.unknown(id);
    }
    if (all(sql).stream().noneMatch(key -> !key.id().equals(id) && key.isAdmin())) {
      throw AccessStore.lastAdmin();
    }
    return sql.update("DELETE FROM api_key WHERE id = ?", id);
  }

  private static byte[] secret(Sql sql, byte[] ifNone) throws SQLException {
    sql.update("INSERT INTO secret VALUES (1, ?) ON CONFLICT DO NOTHING", ifNone);
    return sql.first("SELECT value FROM secret", row -> row.getBytes(1)).orElseThrow();
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString(1),
        row.getString(2),
        Scope.ofStored(row.getString(3)),
        row.getLong(4),
        row.getString(5),
        lastUsed(row));
  }

  private static @Nullable Long lastUsed(ResultSet row) throws SQLException {
    long at = row.getLong(6);
    return row.wasNull() ? null : at;
  }
}
