package io.signalbox.hub.store.embedded.command;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.store.embedded.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of commands, read with an index that has them in order: that of the device, of the job,
 * of each state, or of all. A list that neither device nor job narrows is not counted.
 */
final class CommandListing {
  private static final int BASE = Character.MAX_RADIX;

  private final CommandQuery query;
  private final Place after;
  private final List<Object> parameters = new ArrayList<>();

  /**
   * Behind which command a page begins.
   *
   * @param total how many the list had when its first page was read
   */
  private record Place(long before, @Nullable Long total) {
    static final Place START = new Place(Long.MAX_VALUE, null);

    static Place of(String cursor) {
      String[] parts = cursor.split("-", 2);
      try {
        Long total = parts.length == 1 ? null : (Long) Long.parseLong(parts[1], BASE);
        return new Place(Long.parseLong(parts[0], BASE), total);
      } catch (NumberFormatException notOurs) {
        throw new Refusal(Kind.INVALID, "cursor", "cursor is not one that this hub has given");
      }
    }

    String cursor() {
      String text = Long.toString(before, BASE);
      return total == null ? text : text + "-" + Long.toString(total, BASE);
    }
  }

  CommandListing(CommandQuery query) {
    this.query = query;
    this.after = query.cursor() == null ? Place.START : Place.of(query.cursor());
  }

  Page<Command> read(Sql sql) throws SQLException {
    if (query.device() != null) {
      CommandTable.requireDevice(sql, query.device());
    }
    boolean narrowed = query.device() != null || query.job() != null;
    List<Command> found = narrowed ? narrow(sql) : any(sql);
    Long total = narrowed ? (Long) count(sql) : null;
    long shown = total == null ? Page.UNCOUNTED : total;
    if (found.size() <= query.limit()) {
      return new Page<>(found, null, shown);
    }
    List<Command> items = List.copyOf(found.subList(0, query.limit()));
    return new Page<>(items, new Place(place(sql, items.getLast()), total).cursor(), shown);
  }

  private List<Command> narrow(Sql sql) throws SQLException {
    String condition = condition() + " AND place < ? ORDER BY place DESC LIMIT ?";
    parameters.add(after.before());
    parameters.add(query.limit() + 1);
    return CommandRows.select(sql, condition, parameters.toArray());
  }

  /** The whole list is counted for its first page only, and the cursors carry the count on. */
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
      // The plus sign keeps the index by state out of it, which has far more to look through.
      terms.add("+state IN (" + String.join(", ", marks(query.states().size())) + ")");
      query.states().forEach(state -> parameters.add(CommandRows.word(state)));
    }
    return String.join(" AND ", terms);
  }

  private List<Command> any(Sql sql) throws SQLException {
    if (query.states().isEmpty()) {
      String condition = "place < ? ORDER BY place DESC LIMIT ?";
      return CommandRows.select(sql, condition, after.before(), query.limit() + 1);
    }
    List<String> newest = new ArrayList<>();
    for (Command.State state : query.states()) {
      newest.add(
          "SELECT place FROM (SELECT place FROM command WHERE state = ? AND place < ?"
              + " ORDER BY place DESC LIMIT ?)");
      Collections.addAll(parameters, CommandRows.word(state), after.before(), query.limit() + 1);
    }
    parameters.add(query.limit() + 1);
    return CommandRows.select(
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
