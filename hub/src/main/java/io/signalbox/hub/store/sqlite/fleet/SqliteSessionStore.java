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
  private final SqliteDatabase database;

  /** A store on a database that was opened with {@link FleetSchema#SCHEMA}. */
  public SqliteSessionStore(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Long> claim(String device, Transport transport, String address, long since) {
    return database.write(sql -> claim(sql, device, transport, address, since));
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
  public Future<Map<String, StoredSession>> recover(long since, SessionEnd end) {
    return database.writeAlways(sql -> restart(sql, since, end));
  }

  private static long claim(Sql sql, String device, Transport transport, String address, long since)
      throws SQLException {
    Optional<Long> epoch =
        sql.first(
            "INSERT OR REPLACE INTO session (device, state, since, cause, transport, address)"
                + " SELECT id, 'online', ?, 'connected', ?, ? FROM device WHERE id = ? AND enabled"
                + " RETURNING epoch",
            row -> row.getLong(1),
            since,
            text(transport),
            address,
            device);
    return epoch.isPresent() ? epoch.get() : refuse(sql, device);
  }

  private static long refuse(Sql sql, String device) throws SQLException {
    if (sql.number("SELECT count(*) FROM device WHERE id = ?", device) == 0) {
      throw FleetSchema.unknown(device);
    }
    throw new Refusal(Refusal.ErrorCode.DISABLED, "device " + device + " is disabled");
  }

  private static boolean release(Sql sql, String device, Presence ended) throws SQLException {
    boolean kept = update(sql, device, new StoredSession(ended, 0));
    if (!kept && sql.number("SELECT count(*) FROM session WHERE device = ?", device) == 0) {
      throw FleetSchema.unknown(device);
    }
    return kept;
  }

  private static int keep(Sql sql, Map<String, StoredSession> pollers) throws SQLException {
    int kept = 0;
    for (Map.Entry<String, StoredSession> poller : pollers.entrySet()) {
      kept += update(sql, poller.getKey(), poller.getValue()) ? 1 : 0;
    }
    return kept;
  }

  private static boolean update(Sql sql, String device, StoredSession session) throws SQLException {
    Presence presence = session.presence();
    int changed =
        sql.update(
            "UPDATE session SET state = ?, since = ?, cause = ?, address = ?, contact = ?,"
                + " expected = ? WHERE epoch = ? AND device = ?",
            text(presence.state()),
            presence.since(),
            presence.cause(),
            presence.address(),
            presence.expected() == null ? null : session.contact(),
            presence.expected(),
            presence.session(),
            device);
    return changed == 1;
  }

  private static Map<String, StoredSession> restart(Sql sql, long since, SessionEnd end)
      throws SQLException {
    sql.update(
        "UPDATE session SET state = 'offline', since = ?, cause = ? WHERE state = 'online'",
        since,
        end.text());
    Map<String, StoredSession> left = new HashMap<>();
    sql.query(
        "SELECT device, state, since, cause, transport, epoch, address, expected, contact"
            + " FROM session",
        row -> left.put(row.getString(1), new StoredSession(presence(row), row.getLong(9))));
    return left;
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
