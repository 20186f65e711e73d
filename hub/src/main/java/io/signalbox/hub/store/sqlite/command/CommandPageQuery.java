package io.signalbox.hub.store.sqlite.command;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Query for one page of commands, with an index in list order: by device, by job, by state or of
 * all commands. A list that is not filtered by device or job has no total.
 */
final class CommandPageQuery {
  private static final int BASE = Character.MAX_RADIX;

  private final CommandQuery query;
  private final PageCursor after;
  private final List<Object> parameters = new ArrayList<>();

  /**
   * Start of a page.
   *
   * @param total number of commands in the list when its first page was read
   */
  private record PageCursor(long before, @Nullable Long total) {
    static final PageCursor START = new PageCursor(Long.MAX_VALUE, null);

    static PageCursor of(String cursor) {
      String[] parts = cursor.split("-", 2);
      try {
        Long total = parts.length == 1 ? null : (Long) Long.parseLong(parts[1], BASE);
        return new PageCursor(Long.parseLong(parts[0], BASE), total);
      } catch (NumberFormatException notOurs) {
        throw new Refusal(
            ErrorCode.INVALID, "cursor", "cursor must be the value of next in a page");
      }
    }

    String cursor() {
      String text = Long.toString(before, BASE);
      return total == null ? text : text + "-" + Long.toString(total, BASE);
    }
  }

  CommandPageQuery(CommandQuery query) {
    this.query = query;
    this.after = query.cursor() == null ? PageCursor.START : PageCursor.of(query.cursor());
  }

  Page<Command> read(Sql sql) throws SQLException {
    if (query.device() != null) {
      SqliteCommandStore.requireDevice(sql, query.device());
    }
    boolean narrowed = query.device() != null || query.job() != null;
    List<Command> found = narrowed ? narrow(sql) : any(sql);
    Long total = narrowed ? (Long) count(sql) : null;
    long shown = total == null ? Page.UNCOUNTED : total;
    if (found.size() <= query.limit()) {
      return new Page<>(found, null, shown);
    }
    List<Command> items = List.copyOf(found.subList(0, query.limit()));
    return new Page<>(items, new PageCursor(place(sql, items.getLast()), total).cursor(), shown);
  }

  private List<Command> narrow(Sql sql) throws SQLException {
    String condition = condition() + " AND place < ? ORDER BY place DESC LIMIT ?";
    parameters.add(after.before());
    parameters.add(query.limit() + 1);
    return CommandRowMapper.select(sql, condition, parameters.toArray());
  }

  /** Total of the list: counted for the first page, then taken from the cursor. */
  private long count(Sql sql) throws SQLException {
    if (after.total() != null) {
      return after.total();
    }
    parameters.clear();
    return sql.number("SELECT count(*) FROM command WHERE " + condition(), parameters.toArray());
  }

  private String condition() {
    List<String> terms = new ArrayList<>();
    if (query.device() != null) {
      terms.add("device = ?");
      terms.add("place > coalesce((SELECT place FROM command_floor WHERE device = ?), 0)");
      parameters.add(query.device());
      parameters.add(query.device());
    }
    if (query.job() != null) {
      terms.add("job = ?");
      parameters.add(query.job());
    }
    if (!query.states().isEmpty()) {
      // The plus sign excludes the index by state, which would scan far more rows.
      terms.add("+state IN (" + String.join(", ", marks(query.states().size())) + ")");
      query.states().forEach(state -> parameters.add(CommandRowMapper.word(state)));
    }
    return String.join(" AND ", terms);
  }

  private List<Command> any(Sql sql) throws SQLException {
    if (query.states().isEmpty()) {
      String condition = "place < ? ORDER BY place DESC LIMIT ?";
      return CommandRowMapper.select(sql, condition, after.before(), query.limit() + 1);
    }
    List<String> newest = new ArrayList<>();
    for (Command.State state : query.states()) {
      newest.add(
          "SELECT place FROM (SELECT place FROM command WHERE state = ? AND place < ?"
              + " ORDER BY place DESC LIMIT ?)");
      Collections.addAll(
          parameters, CommandRowMapper.word(state), after.before(), query.limit() + 1);
    }
    parameters.add(query.limit() + 1);
    return CommandRowMapper.select(
        sql,
        "place IN (" + String.join(" UNION ALL ", newest) + ") ORDER BY place DESC LIMIT ?",
        parameters.toArray());
  }

  private static List<String> marks(int count) {
    return Collections.nCopies(count, "?");
  }

  private static long place(Sql sql, Command last) throws SQLException {
    return sql.number("SELECT place FROM command WHERE id = ?", last.id());
  }
}
