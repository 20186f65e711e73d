package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.DeviceListCursor;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One page of the device list. It goes on from the last device seen rather than from a count, so a
 * page far down costs no more than the first, and devices that come and go shift nothing.
 */
final class DevicePageQuery {
  private static final int MOST_WORDS = 16;
  private static final String SESSIONS = "SELECT count(*) FROM session WHERE ";

  /** From so many on, a page is full soon when the list is walked in its order. */
  private static final int COMMON = 1_000;

  private static final String OF_TYPE = "type = ?";
  private static final String IN_STATE = "id IN (SELECT device FROM session WHERE state = ?)";
  private static final String NOT_BUT_IN_STATE =
      "id NOT IN (SELECT device FROM session WHERE state <> ?)";

  /** Conditions that start from an index, and what they are for each device on a walk. */
  private static final Map<String, String> ON_A_WALK =
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
      walkInOrder();
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
    boolean more = lines.size() > query.limit();
    List<Line> page = more ? lines.subList(0, query.limit()) : lines;
    return new Page<>(
        page.stream().map(Line::device).toList(),
        more ? cursor(page.getLast(), total) : null,
        total);
  }

  /** By presence alone the sessions tell it, each of which is a device's. */
  private long total(Sql sql) throws SQLException {
    if (query.presence() == null || conditions.size() > 1) {
      return sql.number("SELECT count(*) FROM device" + where(), values.toArray());
    }
    return query.presence() == Presence.State.OFFLINE
        ? sql.number("SELECT count(*) FROM device") - sql.number(SESSIONS + "state <> 'offline'")
        : sql.number(SESSIONS + "state = ?", SqliteSessionStore.text(query.presence()));
  }

  private void filter() {
    words().forEach(word -> require("instr(search, ?) > 0", word));
    if (query.type() != null) {
      require(OF_TYPE, query.type());
    }
    query
        .labels()
        .forEach((key, value) -> require("instr(labels, ?) > 0", LabelJson.of(key, value)));
    if (query.presence() == Presence.State.OFFLINE) {
      // Who was never here has no session at all.
      require(NOT_BUT_IN_STATE, "offline");
    } else if (query.presence() != null) {
      require(IN_STATE, SqliteSessionStore.text(query.presence()));
    }
  }

  private List<String> words() {
    String text = query.text() == null ? "" : query.text().strip().toLowerCase(Locale.ROOT);
    List<String> words = text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    if (words.size() > MOST_WORDS) {
      throw new Refusal(
          Refusal.ErrorCode.INVALID, "q", "q has more than " + MOST_WORDS + " words to look for");
    }
    return words;
  }

  private void require(String condition, Object value) {
    conditions.add(condition);
    values.add(value);
  }

  /**
   * What is rare is found by an index and then put in order; what is common by going through the
   * list in its order, which the plus signs hold SQLite to.
   */
  private void walkInOrder() {
    conditions.replaceAll(condition -> ON_A_WALK.getOrDefault(condition, condition));
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
      throw new Refusal(Refusal.ErrorCode.INVALID, "cursor", "the cursor is not one of the hub's");
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

  /** A device and what it is ordered by. */
  private record Line(Device device, String sortValue) {}
}
