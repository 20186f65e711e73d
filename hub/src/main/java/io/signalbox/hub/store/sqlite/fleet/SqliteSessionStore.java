package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.SessionStore;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Store of sessions in {@code hub.db}. A session's epoch is its row id, which is never reused. */
public final class SqliteSessionStore implements SessionStore {
  private static final String COLUMNS =
      "device, state, since, cause, transport, epoch, address, expected, contact, node";
  private static final String SELECT = "SELECT " + COLUMNS + " FROM session";

  private final SqliteDatabase database;
  private final boolean exclusive;

  /**
   * A store on a database that was opened with {@link FleetSchema#SCHEMA}, and that several nodes
   * use.
   */
  public SqliteSessionStore(SqliteDatabase database) {
    this(database, false);
  }

  private SqliteSessionStore(SqliteDatabase database, boolean exclusive) {
    this.database = database;
    this.exclusive = exclusive;
  }

  /**
   * A store of the only node of a database. The node that recovers gets all sessions, because
   * nobody else can hold one: those of a file from before sessions had nodes, and those that it
   * opened under another name.
   */
  public static SqliteSessionStore ofOnlyNode(SqliteDatabase database) {
    return new SqliteSessionStore(database, true);
  }

  @Override
  public Future<Claim> claim(
      String device, String node, Transport transport, String address, long since) {
    return database.write(
        sql -> claim(sql, device, node, transport, address, since, last(sql, device)));
  }

  @Override
  public Future<Claim> claimIfAbsent(
      String device, String node, Transport transport, String address, long since) {
    return database.write(
        sql -> {
          Optional<StoredSession> last = last(sql, device);
          Optional<Presence> present =
              last.map(StoredSession::presence)
                  .filter(presence -> presence.state() != Presence.State.OFFLINE);
          return present.isPresent()
              ? new Claim(present.get().session(), last.get())
              : claim(sql, device, node, transport, address, since, last);
        });
  }

  @Override
  public Future<Boolean> release(String device, Presence ended) {
    return database.write(sql -> release(sql, device, ended));
  }

  @Override
  public Future<Void> savePollers(Map<String, StoredSession> pollers) {
    return database.write(sql -> keep(sql, pollers)).mapEmpty();
  }

  @Override
  public Future<Map<String, StoredSession>> recover(String node, long since, SessionEnd end) {
    return database.writeAlways(sql -> restart(sql, node, since, end));
  }

  @Override
  public Future<Map<String, StoredSession>> takeOver(
      String lost, String by, long since, SessionEnd end) {
    return database.write(sql -> give(sql, lost, by, since, end));
  }

  private static Claim claim(
      Sql sql,
      String device,
      String node,
      Transport transport,
      String address,
      long since,
      Optional<StoredSession> previous)
      throws SQLException {
    Optional<Long> epoch =
        sql.first(
            "INSERT OR REPLACE INTO session (device, state, since, cause, transport, address, node)"
                + " SELECT id, 'online', ?, 'connected', ?, ?, ? FROM device WHERE id = ? AND"
                + " enabled RETURNING epoch",
            row -> row.getLong(1),
            since,
            text(transport),
            address,
            node,
            device);
    return new Claim(epoch.isPresent() ? epoch.get() : refuse(sql, device), previous.orElse(null));
  }

  private static Optional<StoredSession> last(Sql sql, String device) throws SQLException {
    return sql.first(SELECT + " WHERE device = ?", SqliteSessionStore::session, device);
  }

  private static long refuse(Sql sql, String device) throws SQLException {
    if (sql.number("SELECT count(*) FROM device WHERE id = ?", device) == 0) {
      throw FleetSchema.unknown(device);
    }
    throw new Refusal(Refusal.ErrorCode.DISABLED, "device " + device + " is disabled");
  }

  private static boolean release(Sql sql, String device, Presence ended) throws SQLException {
    boolean kept = update(sql, device, ended, 0);
    if (!kept && sql.number("SELECT count(*) FROM session WHERE device = ?", device) == 0) {
      throw FleetSchema.unknown(device);
    }
    return kept;
  }

  private static int keep(Sql sql, Map<String, StoredSession> pollers) throws SQLException {
    int kept = 0;
    for (Map.Entry<String, StoredSession> poller : pollers.entrySet()) {
      StoredSession session = poller.getValue();
      kept += update(sql, poller.getKey(), session.presence(), session.contact()) ? 1 : 0;
    }
    return kept;
  }

  private static boolean update(Sql sql, String device, Presence presence, long contact)
      throws SQLException {
    int changed =
        sql.update(
            "UPDATE session SET state = ?, since = ?, cause = ?, address = ?, contact = ?,"
                + " expected = ? WHERE epoch = ? AND device = ? AND state <> 'offline'",
            text(presence.state()),
            presence.since(),
            presence.cause(),
            presence.address(),
            presence.expected() == null ? null : contact,
            presence.expected(),
            presence.session(),
            device);
    return changed == 1;
  }

  private Map<String, StoredSession> restart(Sql sql, String node, long since, SessionEnd end)
      throws SQLException {
    if (exclusive) {
      sql.update("UPDATE session SET node = ? WHERE node <> ?", node, node);
    }
    sql.update(
        "UPDATE session SET state = 'offline', since = ?, cause = ?"
            + " WHERE state = 'online' AND node = ?",
        since,
        end.text(),
        node);
    Map<String, StoredSession> left = new HashMap<>();
    sql.query(SELECT, row -> left.put(row.getString(1), session(row)));
    return left;
  }

  private static Map<String, StoredSession> give(
      Sql sql, String lost, String by, long since, SessionEnd end) throws SQLException {
    Map<String, StoredSession> taken = new HashMap<>();
    sql.query(
        "UPDATE session SET node = CASE state WHEN 'online' THEN node ELSE ? END,"
            + " since = CASE state WHEN 'online' THEN ? ELSE since END,"
            + " cause = CASE state WHEN 'online' THEN ? ELSE cause END,"
            + " state = CASE state WHEN 'online' THEN 'offline' ELSE state END"
            + " WHERE node = ? AND state <> 'offline' RETURNING "
            + COLUMNS,
        row -> taken.put(row.getString(1), session(row)),
        by,
        since,
        end.text(),
        lost);
    return taken;
  }

  private static StoredSession session(ResultSet row) throws SQLException {
    return new StoredSession(presence(row), row.getLong(9), row.getString(10));
  }

  private static Presence presence(ResultSet row) throws SQLException {
    long expected = row.getLong(8);
    boolean planned = !row.wasNull();
    Presence.State state = Presence.State.valueOf(row.getString(2).toUpperCase(Locale.ROOT));
    return new Presence(
        state,
        row.getLong(3),
        state == Presence.State.OFFLINE ? SessionEnd.of(row.getString(4)) : null,
        Transport.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
        row.getLong(6),
        row.getString(7),
        planned ? expected : null,
        null);
  }

  static String text(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
