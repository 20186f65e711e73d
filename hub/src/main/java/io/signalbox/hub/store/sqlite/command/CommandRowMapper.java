package io.signalbox.hub.store.sqlite.command;

import static java.util.stream.Collectors.joining;

import io.signalbox.hub.command.CommandStore.ClockStep;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.CommandUpdate;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Mapper between commands and rows. States and transports are stored by protocol name. */
final class CommandRowMapper {
  private static final String COLUMNS =
      "place, id, device, name, params, created, expires, not_before, expected_by, collapse,"
          + " metadata, job, result, error";

  private static final String STEP =
      "((SELECT place FROM command WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String INSERT_STEP = "INSERT INTO command_step VALUES " + STEP;
  private static final String INSERT_STEPS = INSERT_STEP + ", " + STEP;

  /** Step of the command that was inserted before it: there is no need to look for its id. */
  private static final String FIRST_STEP = "(last_insert_rowid(), ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String INSERT_FIRST_STEP = "INSERT INTO command_step VALUES " + FIRST_STEP;
  private static final String INSERT_FIRST_STEPS = INSERT_FIRST_STEP + ", " + FIRST_STEP;

  private CommandRowMapper() {}

  /** A command's row without its timeline. */
  private record Row(long seq, Command command) {}

  /** The commands that satisfy the condition, with their timelines. */
  static List<Command> select(Sql sql, String condition, @Nullable Object... parameters)
      throws SQLException {
    String query = "SELECT " + COLUMNS + " FROM command WHERE " + condition;
    List<Row> rows = sql.query(query, CommandRowMapper::row, parameters);
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, List<Step>> timelines = timelines(sql, rows);
    return rows.stream().map(row -> row.command().withTimeline(timeline(timelines, row))).toList();
  }

  private static List<Step> timeline(Map<Long, List<Step>> timelines, Row row) {
    return List.copyOf(timelines.getOrDefault(row.seq(), List.of()));
  }

  /** The timelines of these commands by sequence number, read with one statement. */
  private static Map<Long, List<Step>> timelines(Sql sql, List<Row> rows) throws SQLException {
    String seqs =
        rows.stream().map(row -> Long.toString(row.seq())).collect(joining(",", "[", "]"));
    Map<Long, List<Step>> timelines = new HashMap<>();
    sql.query(
        "SELECT state, ts, node, session, transport, by, because, until, command FROM command_step"
            + " WHERE command IN (SELECT value FROM json_each(?)) ORDER BY command, number",
        row -> timelines.computeIfAbsent(row.getLong(9), seq -> new ArrayList<>()).add(step(row)),
        seqs);
    return timelines;
  }

  /**
   * Writes a command's row; false if the stored version differs, or if the command is new and its
   * device is not registered.
   */
  static boolean write(Sql sql, CommandUpdate advance, @Nullable IdempotencyKey token)
      throws SQLException {
    int written =
        advance.from() == 0
            ? insert(sql, advance.command(), token)
            : update(sql, advance.command(), advance.from());
    return written == 1;
  }

  /** Inserts the new steps of a timeline, two per statement because there are often two. */
  static void writeSteps(Sql sql, CommandUpdate advance) throws SQLException {
    boolean isNew = advance.from() == 0;
    String id = isNew ? null : advance.command().id();
    List<Step> steps = advance.steps();
    for (int at = 0; at < steps.size(); at += 2) {
      List<@Nullable Object> parameters = new ArrayList<>(20);
      add(parameters, id, advance.from() + at + 1, steps.get(at));
      if (at + 1 < steps.size()) {
        add(parameters, id, advance.from() + at + 2, steps.get(at + 1));
        sql.update(isNew ? INSERT_FIRST_STEPS : INSERT_STEPS, parameters.toArray());
      } else {
        sql.update(isNew ? INSERT_FIRST_STEP : INSERT_STEP, parameters.toArray());
      }
    }
  }

  private static int insert(Sql sql, Command command, @Nullable IdempotencyKey token)
      throws SQLException {
    return sql.update(
        "INSERT INTO command (id, device, name, params, state, version, created, expires,"
            + " not_before, expected_by, collapse, metadata, job, result, error, ended, token,"
            + " fingerprint) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
            + " WHERE EXISTS (SELECT 1 FROM device WHERE id = ?2)"
            + " ON CONFLICT DO NOTHING",
        command.id(),
        command.device(),
        command.name(),
        command.params(),
        word(command.state()),
        command.version(),
        command.created(),
        command.expires(),
        command.notBefore(),
        command.expectedBy(),
        command.collapse(),
        command.metadata(),
        command.job(),
        command.result(),
        command.error(),
        ended(command),
        token == null ? null : token.key(),
        token == null ? null : token.fingerprint());
  }

  private static int update(Sql sql, Command command, int was) throws SQLException {
    return sql.update(
        "UPDATE command SET state = ?, version = ?, expected_by = ?, result = ?, error = ?,"
            + " ended = ? WHERE id = ? AND version = ?",
        word(command.state()),
        command.version(),
        command.expectedBy(),
        command.result(),
        command.error(),
        ended(command),
        command.id(),
        was);
  }

  private static void add(
      List<@Nullable Object> parameters, @Nullable String id, int number, Step step) {
    Transport transport = step.transport();
    if (id != null) {
      parameters.add(id);
    }
    parameters.add(number);
    parameters.add(word(step.state()));
    parameters.add(step.ts());
    parameters.add(step.node());
    parameters.add(step.session());
    parameters.add(transport == null ? null : word(transport));
    parameters.add(step.by());
    parameters.add(step.reason());
    parameters.add(step.leaseExpires());
  }

  /**
   * See {@link io.signalbox.hub.command.CommandStore#moveDeadlines}; returns the number of changes.
   */
  static int moveDeadlines(Sql sql, ClockStep step) throws SQLException {
    long by = step.to() - step.from();
    sql.update(
        "UPDATE command_step SET until = until + ? WHERE until IS NOT NULL AND command IN"
            + " (SELECT place FROM command WHERE state = 'sent' AND created <= ?)"
            + " AND number = (SELECT version FROM command WHERE place = command_step.command)",
        by,
        step.madeUntil());
    return sql.update(
        "UPDATE command SET expires = CASE WHEN not_before > ?1 THEN ?2 + expires - not_before"
            + " ELSE expires + ?2 - ?1 END, expected_by = CASE WHEN state = 'queued'"
            + " THEN expected_by + ?2 - ?1 ELSE expected_by END"
            + " WHERE ended IS NULL AND created <= ?3 AND not_before <= ?2",
        step.from(),
        step.to(),
        step.madeUntil());
  }

  /** The constant's name in the protocol. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Long ended(Command command) {
    return command.state().isFinal() ? (Long) command.timeline().getLast().ts() : null;
  }

  private static Step step(ResultSet row) throws SQLException {
    String transport = row.getString(5);
    return new Step(
        State.valueOf(constant(row.getString(1))),
        row.getLong(2),
        row.getString(3),
        number(row, 4),
        transport == null ? null : Transport.valueOf(constant(transport)),
        row.getString(6),
        row.getString(7),
        number(row, 8));
  }

  private static Row row(ResultSet row) throws SQLException {
    Command command =
        new Command(
            row.getString(2),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getLong(6),
            row.getLong(7),
            row.getLong(8),
            number(row, 9),
            row.getString(10),
            row.getString(11),
            row.getString(12),
            row.getString(13),
            row.getString(14),
            List.of());
    return new Row(row.getLong(1), command);
  }

  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
