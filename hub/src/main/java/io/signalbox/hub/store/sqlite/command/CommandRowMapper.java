package io.signalbox.hub.store.sqlite.command;

import static java.util.stream.Collectors.joining;

import io.signalbox.hub.command.CommandStore.ClockStep;
import io.signalbox.hub.command.CommandStore.IdempotencyKey;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands as rows, and rows as commands. States and transports are in the protocol's words. */
final class CommandRowMapper {
  private static final String COLUMNS =
      "place, id, device, name, params, created, expires, not_before, expected_by, collapse,"
          + " metadata, job, result, error";

  private CommandRowMapper() {}

  /** A command's row, its timeline not yet read. */
  private record Row(long seq, Command command) {}

  /** The commands that fulfil the condition, with their timelines. */
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

  /** The timelines of all these commands, with one statement, by their places. */
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

  /** Writes a command's row and gives its place; empty if it does not stand where it stood. */
  static Optional<Long> write(Sql sql, CommandUpdate advance, @Nullable IdempotencyKey token)
      throws SQLException {
    return advance.from() == 0
        ? insert(sql, advance.command(), token)
        : update(sql, advance.command(), advance.from());
  }

  /** Adds the new steps of a command's timeline. */
  static void writeSteps(Sql sql, CommandUpdate advance, long seq) throws SQLException {
    int number = advance.from();
    for (Step step : advance.steps()) {
      number++;
      writeStep(sql, seq, number, step);
    }
  }

  private static Optional<Long> insert(Sql sql, Command command, @Nullable IdempotencyKey token)
      throws SQLException {
    return sql.first(
        "INSERT INTO command (id, device, name, params, state, version, created, expires,"
            + " not_before, expected_by, collapse, metadata, job, result, error, ended, token,"
            + " fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING RETURNING place",
        row -> row.getLong(1),
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

  private static Optional<Long> update(Sql sql, Command command, int was) throws SQLException {
    return sql.first(
        "UPDATE command SET state = ?, version = ?, expected_by = ?, result = ?, error = ?,"
            + " ended = ? WHERE id = ? AND version = ? RETURNING place",
        row -> row.getLong(1),
        word(command.state()),
        command.version(),
        command.expectedBy(),
        command.result(),
        command.error(),
        ended(command),
        command.id(),
        was);
  }

  private static void writeStep(Sql sql, long seq, int number, Step step) throws SQLException {
    Transport transport = step.transport();
    sql.update(
        "INSERT INTO command_step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        seq,
        number,
        word(step.state()),
        step.ts(),
        step.node(),
        step.session(),
        transport == null ? null : word(transport),
        step.by(),
        step.reason(),
        step.leaseExpires());
  }

  /**
   * As {@link io.signalbox.hub.command.CommandStore#moveDeadlines}; gives how many it concerned.
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

  /** As the protocol writes it. */
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
