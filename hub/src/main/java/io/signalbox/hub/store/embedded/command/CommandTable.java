package io.signalbox.hub.store.embedded.command;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.Schema;
import io.signalbox.hub.store.embedded.Sql;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The embedded twin of {@link CommandStore}: a row for each command and one for each step of its
 * timeline. The order of a device's commands is that of their rows, not of a clock.
 *
 * <p>Threading: any thread; futures complete on the database's threads.
 */
public final class CommandTable implements CommandStore {
  /** The tables, to open the database with. */
  public static final Schema SCHEMA =
      Schema.of(
          "command",
          """
          CREATE TABLE command (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            device TEXT NOT NULL,
            name TEXT NOT NULL,
            params TEXT NOT NULL,
            state TEXT NOT NULL,
            version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            not_before INTEGER NOT NULL,
            expected_by INTEGER,
            collapse TEXT,
            metadata TEXT,
            result TEXT,
            error TEXT,
            ended INTEGER,
            token TEXT,
            fingerprint TEXT);
          CREATE INDEX command_of_device ON command (device, place);
          CREATE INDEX command_unfinished ON command (device, place) WHERE ended IS NULL;
          CREATE INDEX command_expiry ON command (expires) WHERE ended IS NULL;
          CREATE INDEX command_sent ON command (device) WHERE state = 'sent';
          CREATE INDEX command_ended ON command (ended) WHERE ended IS NOT NULL;
          CREATE INDEX command_token ON command (device, token) WHERE token IS NOT NULL;
          CREATE TABLE command_step (
            command INTEGER NOT NULL REFERENCES command (place) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            state TEXT NOT NULL,
            ts INTEGER NOT NULL,
            node TEXT NOT NULL,
            session INTEGER,
            transport TEXT,
            by TEXT,
            because TEXT,
            PRIMARY KEY (command, number)) WITHOUT ROWID
          """,
          """
          ALTER TABLE command ADD COLUMN job TEXT;
          CREATE UNIQUE INDEX command_of_job ON command (job, device) WHERE job IS NOT NULL
          """);

  private final HubDatabase database;

  /** The tables of a database that was opened with {@link #SCHEMA}. */
  public CommandTable(HubDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Void> append(List<Command> steps, @Nullable Token token) {
    return database.write(sql -> appendAll(sql, steps, token)).mapEmpty();
  }

  @Override
  public Future<Optional<Command>> get(String id) {
    return database.read(sql -> first(CommandRows.select(sql, "id = ?", id)));
  }

  @Override
  public Future<List<Command>> unfinished(String device) {
    return database.read(
        sql -> CommandRows.select(sql, "device = ? AND ended IS NULL ORDER BY place", device));
  }

  @Override
  public Future<Optional<Original>> original(String device, String key, long since) {
    return database.read(
        sql ->
            sql.first(
                "SELECT id, fingerprint FROM command WHERE device = ? AND token = ?"
                    + " AND created >= ? ORDER BY place DESC LIMIT 1",
                row -> new Original(row.getString(1), row.getString(2)),
                device,
                key,
                since));
  }

  @Override
  public Future<List<String>> awaitingAnswer(int limit) {
    return database.read(
        sql ->
            sql.query(
                "SELECT DISTINCT device FROM command WHERE state = 'sent' LIMIT ?",
                row -> row.getString(1),
                limit));
  }

  @Override
  public Future<List<String>> due(long now, int limit) {
    return database.read(
        sql ->
            sql.query(
                "SELECT DISTINCT device FROM (SELECT device FROM command"
                    + " WHERE ended IS NULL AND expires <= ? ORDER BY expires LIMIT ?)",
                row -> row.getString(1),
                now,
                limit));
  }

  @Override
  public Future<Page<Command>> list(
      String device, Set<State> states, @Nullable String cursor, int limit) {
    return database.read(sql -> page(sql, device, states, cursor, limit));
  }

  @Override
  public Future<Integer> trim(long endedBefore, int limit) {
    return database.write(
        sql ->
            sql.update(
                "DELETE FROM command WHERE place IN (SELECT place FROM command"
                    + " WHERE ended IS NOT NULL AND ended < ? ORDER BY ended LIMIT ?)",
                endedBefore,
                limit));
  }

  private static int appendAll(Sql sql, List<Command> steps, @Nullable Token token)
      throws SQLException {
    for (Advance advance : Advance.of(steps)) {
      long place = CommandRows.write(sql, advance, token).orElseThrow(advance::refusal);
      CommandRows.writeSteps(sql, advance, place);
    }
    return steps.size();
  }

  private static Page<Command> page(
      Sql sql, String device, Set<State> states, @Nullable String cursor, int limit)
      throws SQLException {
    List<Object> parameters = new ArrayList<>();
    parameters.add(device);
    states.forEach(state -> parameters.add(CommandRows.word(state)));
    String condition = "device = ?" + among(states.size());
    long total =
        sql.number("SELECT count(*) FROM command WHERE " + condition, parameters.toArray());
    parameters.add(place(cursor));
    parameters.add(limit + 1);
    List<Command> found =
        CommandRows.select(
            sql, condition + " AND place < ? ORDER BY place DESC LIMIT ?", parameters.toArray());
    if (found.size() <= limit) {
      return new Page<>(found, null, total);
    }
    List<Command> items = List.copyOf(found.subList(0, limit));
    return new Page<>(items, next(sql, items.getLast()), total);
  }

  private static String among(int states) {
    return states == 0
        ? ""
        : " AND state IN (" + String.join(", ", Collections.nCopies(states, "?")) + ")";
  }

  private static String next(Sql sql, Command last) throws SQLException {
    return Long.toString(sql.number("SELECT place FROM command WHERE id = ?", last.id()), 36);
  }

  private static long place(@Nullable String cursor) {
    try {
      return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor, 36);
    } catch (NumberFormatException notOurs) {
      throw new Refusal(Kind.INVALID, "cursor", "cursor is not one that this hub has given");
    }
  }

  private static Optional<Command> first(List<Command> commands) {
    return commands.isEmpty() ? Optional.empty() : Optional.of(commands.getFirst());
  }
}
