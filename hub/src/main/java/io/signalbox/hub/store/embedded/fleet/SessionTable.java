package io.signalbox.hub.store.embedded.fleet;

import io.signalbox.hub.fleet.SessionStore;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.Sql;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sessions in {@code hub.db}: a session's epoch is its row's number, which is never given again.
 */
public final class SessionTable implements SessionStore {
  private final HubDatabase database;

  /** On a database that has been opened with {@link FleetTables#SCHEMA}. */
  public SessionTable(HubDatabase database) {
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
  public Future<Map<String, Presence>> restart(long since, String cause) {
    return database.write(sql -> restart(sql, since, cause));
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
      throw FleetTables.unknown(device);
    }
    throw new Refusal(Refusal.Kind.DISABLED, "device " + device + " is disabled");
  }

  private static boolean release(Sql sql, String device, Presence ended) throws SQLException {
    int changed =
        sql.update(
            "UPDATE session SET state = ?, since = ?, cause = ? WHERE epoch = ? AND device = ?",
            text(ended.state()),
            ended.since(),
            ended.cause(),
            ended.session(),
            device);
    return changed == 1;
  }

  private static Map<String, Presence> restart(Sql sql, long since, String cause)
      throws SQLException {
    sql.update(
        "UPDATE session SET state = 'offline', since = ?, cause = ? WHERE state <> 'offline'",
        since,
        cause);
    Map<String, Presence> left = new HashMap<>();
    sql.query(
        "SELECT device, state, since, cause, transport, epoch, address FROM session",
        row -> left.put(row.getString(1), presence(row)));
    return left;
  }

  private static Presence presence(ResultSet row) throws SQLException {
    return new Presence(
        Presence.State.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
        row.getLong(3),
        row.getString(4).intern(), // few causes, shared by a hundred thousand devices
        Transport.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
        row.getLong(6),
        row.getString(7));
  }

  static String text(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
