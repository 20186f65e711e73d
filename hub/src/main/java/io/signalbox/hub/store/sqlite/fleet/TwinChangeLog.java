package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.TwinStore.Revision;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.MergePatch;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.model.TwinChange.Side;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Log of the newest changes per side of each twin: table {@code twin_change}. */
final class TwinChangeLog {
  private final int kept;

  TwinChangeLog(int kept) {
    this.kept = kept;
  }

  /** Adds the changes of a revision and deletes the oldest beyond the limit. */
  void add(Sql sql, String device, Revision revision, String by, long at) throws SQLException {
    Twin before = revision.before();
    Twin after = revision.after();
    add(sql, device, Side.DESIRED, before.desired(), after.desired(), by, at);
    add(sql, device, Side.REPORTED, before.reported(), after.reported(), by, at);
  }

  private void add(
      Sql sql, String device, Side side, Twin.Side before, Twin.Side after, String by, long at)
      throws SQLException {
    if (before.version() == after.version()) {
      return;
    }
    sql.update(
        "INSERT INTO twin_change (device, side, version, ts, by, patch) VALUES (?, ?, ?, ?, ?, ?)",
        device,
        SqliteSessionStore.text(side),
        after.version(),
        at,
        by,
        MergePatch.diff(object(before), object(after)).toString());
    sql.update(
        "DELETE FROM twin_change WHERE device = ? AND side = ? AND version <= ?",
        device,
        SqliteSessionStore.text(side),
        after.version() - kept);
  }

  private static Json.JsonObject object(Twin.Side side) {
    return Json.stored("Twin state", side.state());
  }

  static Page<TwinChange> page(
      Sql sql, String device, @Nullable Side side, @Nullable String cursor, int limit)
      throws SQLException {
    String text = side == null ? null : SqliteSessionStore.text(side);
    FleetSchema.requireDevice(sql, device);
    long total =
        sql.number(
            "SELECT count(*) FROM twin_change WHERE device = ? AND side = coalesce(?, side)",
            device,
            text);
    List<Line> lines =
        sql.query(
            "SELECT place, side, version, ts, by, patch FROM twin_change"
                + " WHERE device = ? AND side = coalesce(?, side) AND place < ?"
                + " ORDER BY place DESC LIMIT ?",
            TwinChangeLog::line,
            device,
            text,
            Paging.after(cursor, Long.MAX_VALUE),
            limit + 1);
    return Paging.page(lines, limit, Line::change, line -> Paging.cursor(line.seq()), total);
  }

  private static Line line(ResultSet row) throws SQLException {
    Side side = Side.valueOf(row.getString(2).toUpperCase(Locale.ROOT));
    return new Line(
        row.getLong(1),
        new TwinChange(side, row.getLong(3), row.getLong(4), row.getString(5), row.getString(6)));
  }

  /** A change and its sequence number. */
  private record Line(long seq, TwinChange change) {}
}
