package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.TwinStore;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Store of twins and their history in {@code hub.db}. */
public final class SqliteTwinStore implements TwinStore {
  private final SqliteDatabase database;
  private final TwinChangeLog history;

  /**
   * A store on a database that was opened with {@link FleetSchema#SCHEMA}.
   *
   * @param kept number of stored changes per side of a twin
   */
  public SqliteTwinStore(SqliteDatabase database, int kept) {
    this.database = database;
    this.history = new TwinChangeLog(kept);
  }

  @Override
  public Future<Twin> find(String device) {
    return database.read(sql -> find(sql, device));
  }

  @Override
  public Future<Revision> revise(
      String device, Change change, String by, long at, Consumer<Revision> committed) {
    return database.write(sql -> revise(sql, device, change, by, at), committed);
  }

  @Override
  public Future<Page<TwinChange>> history(
      String device, TwinChange.@Nullable Side side, @Nullable String cursor, int limit) {
    return database.list(sql -> TwinChangeLog.page(sql, device, side, cursor, limit));
  }

  private static Twin find(Sql sql, String device) throws SQLException {
    return sql.first(
            "SELECT desired_version, desired, reported_version, reported"
                + " FROM device LEFT JOIN twin ON device = id WHERE id = ?",
            SqliteTwinStore::twin,
            device)
        .orElseThrow(() -> FleetSchema.unknown(device));
  }

  private Revision revise(Sql sql, String device, Change change, String by, long at)
      throws SQLException {
    Twin before = find(sql, device);
    Revision revision = new Revision(before, change.appliedTo(before));
    if (revision.isChange()) {
      put(sql, device, revision.after(), by, at);
      history.add(sql, device, revision, by, at);
    }
    return revision;
  }

  private static void put(Sql sql, String device, Twin twin, String by, long at)
      throws SQLException {
    sql.update(
        "INSERT OR REPLACE INTO twin VALUES (?, ?, ?, ?, ?, ?, ?)",
        device,
        twin.desired().version(),
        twin.desired().state(),
        twin.reported().version(),
        twin.reported().state(),
        at,
        by);
  }

  private static Twin twin(ResultSet row) throws SQLException {
    return row.getString(2) == null ? Twin.EMPTY : new Twin(side(row, 1), side(row, 3));
  }

  private static Twin.Side side(ResultSet row, int column) throws SQLException {
    return new Twin.Side(row.getLong(column), row.getString(column + 1));
  }
}
