package io.signalbox.hub.store.sqlite.command;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.CommandUpdate;
import io.signalbox.hub.store.sqlite.Schema;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.job.ExecutionTransitions;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SQLite implementation of {@link CommandStore}: one row per command and one per step of its
 * timeline. A device's commands are ordered by their rows, not by a clock.
 *
 * <p>Threading: any thread; futures complete on the database's threads.
 */
public final class SqliteCommandStore implements CommandStore {
  /** Schema of the tables; migrate after the fleet's, and the jobs' after it. */
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
          """,
          """
          CREATE INDEX command_by_state ON command (state, place);
          CREATE INDEX command_by_job ON command (job, place) WHERE job IS NOT NULL;
          -- the keys of requests go with the device that they were for
          CREATE TRIGGER command_token_of_deleted_device AFTER DELETE ON device BEGIN
            UPDATE command SET token = NULL WHERE device = OLD.id AND token IS NOT NULL;
          END
          """,
          """
          ALTER TABLE command_step ADD COLUMN until INTEGER
          """,
          """
          -- of devices whose id was another's before: the last command of the former one
          CREATE TABLE command_floor (
            device TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            place INTEGER NOT NULL) WITHOUT ROWID;
          CREATE TRIGGER command_of_former_device AFTER INSERT ON device
          WHEN EXISTS (SELECT 1 FROM command WHERE device = NEW.id) BEGIN
            INSERT INTO command_floor
            SELECT NEW.id, max(place) FROM command WHERE device = NEW.id;
          END
          """,
          """
          -- it was read at a start only, and written with every step
          DROP INDEX command_sent
          """,
          QueueRevision.TABLE,
          DeviceChanges.DROP_TRIGGERS,
          QueueRevision.ROW_OF_EACH_DEVICE);

  private final SqliteDatabase database;

  /** A store on a database that was opened with {@link #SCHEMA}. */
  public SqliteCommandStore(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Future<AppendResult> append(long revision, List<Command> steps, @Nullable Claim claim) {
    boolean grows = steps.stream().anyMatch(step -> step.version() == 1);
    Sql.Work<AppendResult> work = sql -> append(sql, revision, steps, claim);
    // Existing commands can continue on a full disk: only a few steps remain for each.
    return grows ? database.write(work) : database.writeAlways(work);
  }

  @Override
  public Future<Optional<Command>> get(String id) {
    return database.read(sql -> CommandRowMapper.select(sql, "id = ?", id).stream().findFirst());
  }

  @Override
  public Future<QueueSnapshot> unfinished(String device) {
    return database.read(
        sql ->
            new QueueSnapshot(
                CommandRowMapper.select(sql, "device = ? AND ended IS NULL ORDER BY place", device),
                QueueRevision.of(sql, device)));
  }

  @Override
  public Future<Optional<FirstUse>> original(String device, String key, long since) {
    return database.read(sql -> original(sql, device, key, since));
  }

  private static Optional<FirstUse> original(Sql sql, String device, String key, long since)
      throws SQLException {
    return sql.first(
        "SELECT id, fingerprint FROM command WHERE device = ? AND token = ?"
            + " AND created >= ? ORDER BY place DESC LIMIT 1",
        row -> new FirstUse(row.getString(1), row.getString(2)),
        device,
        key,
        since);
  }

  @Override
  public Future<List<String>> awaitingAnswer(String after, int limit) {
    return database.list(
        sql ->
            sql.query(
                "SELECT DISTINCT device FROM command WHERE ended IS NULL AND state = 'sent'"
                    + " AND device > ? ORDER BY device LIMIT ?",
                row -> row.getString(1),
                after,
                limit));
  }

  @Override
  public Future<List<String>> orphaned(int limit) {
    return database.list(
        sql ->
            sql.query(
                "SELECT DISTINCT device FROM command WHERE ended IS NULL AND NOT EXISTS"
                    + " (SELECT 1 FROM device WHERE id = command.device) LIMIT ?",
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
  public Future<Void> moveDeadlines(ClockStep step) {
    return database.writeAlways(sql -> CommandRowMapper.moveDeadlines(sql, step)).mapEmpty();
  }

  @Override
  public Future<Page<Command>> list(CommandQuery query) {
    return database.list(sql -> new CommandPageQuery(query).read(sql));
  }

  @Override
  public Future<Integer> trim(long endedBefore, int limit) {
    return database.writeAlways(
        sql ->
            sql.update(
                "DELETE FROM command WHERE place IN (SELECT place FROM command"
                    + " WHERE ended IS NOT NULL AND ended < ? ORDER BY ended LIMIT ?)",
                endedBefore,
                limit));
  }

  /** Decides before it writes: what it returns instead of an exception is committed. */
  private static AppendResult append(
      Sql sql, long revision, List<Command> steps, @Nullable Claim claim) throws SQLException {
    String device = steps.getFirst().device();
    Optional<FirstUse> first =
        claim == null ? Optional.empty() : original(sql, device, claim.key().key(), claim.since());
    if (first.isPresent()) {
      return new AppendResult.AlreadyMade(first.get());
    }
    AppendResult result = QueueRevision.advance(sql, device, revision);
    if (result instanceof AppendResult.Appended) {
      write(sql, steps, claim);
    }
    return result;
  }

  private static void write(Sql sql, List<Command> steps, @Nullable Claim claim)
      throws SQLException {
    for (CommandUpdate advance : CommandUpdate.of(steps)) {
      if (!CommandRowMapper.write(sql, advance, claim == null ? null : claim.key())) {
        throw refusal(sql, advance);
      }
      CommandRowMapper.writeSteps(sql, advance);
      if (advance.command().job() != null) {
        ExecutionTransitions.follow(sql, advance.command());
      }
    }
  }

  private static Refusal refusal(Sql sql, CommandUpdate advance) throws SQLException {
    if (advance.from() == 0) {
      requireDevice(sql, advance.command().device());
    }
    return advance.refusal();
  }

  static void requireDevice(Sql sql, String device) throws SQLException {
    if (sql.number("SELECT count(*) FROM device WHERE id = ?", device) == 0) {
      throw new Refusal(ErrorCode.UNKNOWN_DEVICE, "there is no device " + device);
    }
  }
}
