package io.signalbox.hub.store.sqlite.command;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.store.CommandRevisionContract;
import io.signalbox.hub.store.sqlite.CrashCopy;
import io.signalbox.hub.store.sqlite.Schema;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCommandStoreTest extends CommandRevisionContract {
  private final List<SqliteDatabase> opened = new ArrayList<>();
  @TempDir private Path scratch;
  private int lives;
  private int keys;

  @Test
  void commands_of_an_older_version_are_kept_without_a_job() throws IOException {
    Path directory = Files.createDirectory(scratch.resolve("older"));
    Schema older = new Schema("command", SqliteCommandStore.SCHEMA.steps().subList(0, 1));
    SqliteDatabase before = SqliteDatabase.open(directory, older);
    answer(before.write(SqliteCommandStoreTest::addAsBefore));
    answer(before.close());

    SqliteDatabase database = TestDatabase.open(directory);
    opened.add(database);

    Command kept = answer(new SqliteCommandStore(database).get("a")).orElseThrow();
    assertThat(kept.job()).isNull();
    assertThat(kept.state()).isEqualTo(Command.State.QUEUED);
  }

  private static int addAsBefore(Sql sql) throws SQLException {
    sql.update(
        "INSERT INTO command (id, device, name, params, state, version, created, expires,"
            + " not_before) VALUES ('a', 'pump-7', 'start', '{}', 'queued', 1, 1, 2, 0)");
    return sql.update(
        "INSERT INTO command_step SELECT place, 1, state, created, 'hub', NULL, NULL, 'ann', NULL"
            + " FROM command");
  }

  @Override
  protected CommandStore open() {
    try {
      Path directory = Files.createDirectories(life());
      SqliteDatabase database = TestDatabase.open(directory);
      opened.add(database);
      return new SqliteCommandStore(database);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  protected CommandStore openSecond() {
    return new SqliteCommandStore(opened.getLast());
  }

  /** Simulates a crash: continues with a copy of the current files. */
  @Override
  protected void kill() {
    Path before = life();
    lives++;
    CrashCopy.of(before, life());
  }

  @Test
  void a_page_of_commands_takes_as_many_statements_as_a_single_command() {
    SqliteDatabase database = opened.getLast();
    CommandStore store = new SqliteCommandStore(database);
    Step queued = new Step(Command.State.QUEUED, 1_000, "hub", null, null, "ann", null);
    Step sent = new Step(Command.State.SENT, 2_000, "hub", 7L, null, null, null);
    List<Command> steps = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Command made = command("c" + i, queued);
      steps.add(made);
      steps.add(made.withTimeline(List.of(queued, sent)));
    }
    answer(store.append(0, steps.subList(0, 2), null));

    long before = database.statements();
    assertThat(answer(store.unfinished("pump-7")).commands()).hasSize(1);
    long single = database.statements() - before;
    answer(store.append(1, steps.subList(2, steps.size()), null));
    before = database.statements();
    List<Command> found = answer(store.unfinished("pump-7")).commands();

    assertThat(found).hasSize(100).allMatch(command -> command.version() == 2);
    assertThat(database.statements() - before).isEqualTo(single);
  }

  private static Command command(String id, Step first) {
    return new Command(
        id,
        "pump-7",
        "start",
        "{}",
        1_000,
        61_000,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(first));
  }

  @Override
  protected void register(String device) {
    Device made = new Device(device, null, null, Map.of(), true, 0);
    KeyHash key = KeyHash.of(device + " " + keys++);
    answer(devices().insert(List.of(new DeviceStore.Entry(made, key)), ignored -> {}));
  }

  @Override
  protected void delete(String device) {
    answer(devices().delete(device, () -> {}));
    answer(devices().deletionOver(device));
  }

  private SqliteDeviceStore devices() {
    return new SqliteDeviceStore(opened.getLast());
  }

  private Path life() {
    return scratch.resolve("life " + lives);
  }

  @AfterEach
  void close() {
    opened.forEach(database -> answer(database.close()));
  }
}
