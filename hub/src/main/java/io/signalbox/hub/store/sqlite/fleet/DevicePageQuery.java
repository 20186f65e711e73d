package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.DeviceListCursor;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.fleet.DeviceText;
import io.signalbox.hub.store.fleet.LabelJson;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Query for one page of the device list. It continues after the last device of the previous page
 * (keyset pagination), so all pages cost the same, and insertions and deletions shift nothing.
 */
final class DevicePageQuery {
  private static final String SESSIONS = "SELECT count(*) FROM session WHERE ";

  /** With this many matches a scan in list order fills a page quickly. */
  private static final int COMMON = 1_000;

  private static final String OF_TYPE = "type = ?";
  private static final String IN_STATE = "id IN (SELECT device FROM session WHERE state = ?)";
  private static final String NOT_BUT_IN_STATE =
      "id NOT IN (SELECT device FROM session WHERE state <> ?)";

  /** Conditions that use an index, with their equivalents for a scan in list order. */
  private static final Map<String, String> SCAN_CONDITIONS =
      Map.of(
          OF_TYPE,
          "+type = ?",
          IN_STATE,
          "EXISTS (SELECT 1 FROM session WHERE device = device.id AND +state = ?)",
          NOT_BUT_IN_STATE,
          "NOT EXISTS (SELECT 1 FROM session WHERE device = device.id AND +state <> ?)");

  private final DeviceQuery query;
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  DevicePageQuery(DeviceQuery query) {
    this.query = query;
    filter();
  }

  Page<Device> read(Sql sql) throws SQLException {
    DeviceListCursor after =
        query.cursor() == null ? null : DeviceListCursor.of(query, query.cursor());
    long total = after == null ? total(sql) : after.total();
    if (total >= COMMON) {
      scanInOrder();
    }
    startAfter(after);
    values.add(query.limit() + 1);
    List<Line> lines =
        sql.query(
            "SELECT "
                + SqliteDeviceStore.COLUMNS
                + ", "
                + sortColumn()
                + " FROM device"
                + where()
                + order(),
            DevicePageQuery::line,
            values.toArray());
    return Paging.page(lines, query.limit(), Line::device, last -> cursor(last, total), total);
  }

  /** Number of matches; counted in the session table if presence is the only condition. */
  private long total(Sql sql) throws SQLException {
    if (query.presence() == null || conditions.size() > 1) {
      return sql.number("SELECT count(*) FROM device" + where(), values.toArray());
    }
    return query.presence() == Presence.State.OFFLINE
        ? sql.number("SELECT count(*) FROM device") - sql.number(SESSIONS + "state <> 'offline'")
        : sql.number(SESSIONS + "state = ?", SqliteSessionStore.text(query.presence()));
  }

  private void filter() {
    DeviceText.words(query).forEach(word -> require("instr(search, ?) > 0", word));
    if (query.type() != null) {
      require(OF_TYPE, query.type());
    }
    query
        .labels()
        .forEach((key, value) -> require("instr(labels, ?) > 0", LabelJson.of(key, value)));
    if (query.presence() == Presence.State.OFFLINE) {
      // A device that never connected has no session row.
      require(NOT_BUT_IN_STATE, "offline");
    } else if (query.presence() != null) {
      require(IN_STATE, SqliteSessionStore.text(query.presence()));
    }
  }

  private void require(String condition, Object value) {
    conditions.add(condition);
    values.add(value);
  }

  /**
   * Replaces conditions for a scan in list order, which is faster for frequent matches; rare ones
   * are found by an index and sorted. The plus signs keep SQLite from using the index.
   */
  private void scanInOrder() {
    conditions.replaceAll(condition -> SCAN_CONDITIONS.getOrDefault(condition, condition));
  }

  private void startAfter(@Nullable DeviceListCursor seq) {
    if (seq == null) {
      return;
    }
    String beyond = query.descending() ? "<" : ">";
    conditions.add("(%s, id) %s (?, ?)".formatted(sortColumn(), beyond));
    values.add(query.sort() == DeviceQuery.Sort.CREATED ? number(seq.value()) : seq.value());
    values.add(seq.id());
  }

  private static Object number(String value) {
    try {
      return Long.valueOf(value);
    } catch (NumberFormatException tampered) {
      throw Paging.foreignCursor();
    }
  }

  private String cursor(Line last, long total) {
    return new DeviceListCursor(
            query.sort(), query.descending(), last.sortValue(), last.device().id(), total)
        .cursor();
  }

  private String where() {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private String order() {
    String direction = query.descending() ? "DESC" : "ASC";
    return query.sort() == DeviceQuery.Sort.ID
        ? " ORDER BY id %s LIMIT ?".formatted(direction)
        : " ORDER BY %1$s %2$s, id %2$s LIMIT ?".formatted(sortColumn(), direction);
  }

  private String sortColumn() {
    return switch (query.sort()) {
      case ID -> "id";
      case NAME -> "title";
      case CREATED -> "created";
    };
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(SqliteDeviceStore.device(row), row.getString(7));
  }

  /** A device and its sort key. */
  private record Line(Device device, String sortValue) {}
}
