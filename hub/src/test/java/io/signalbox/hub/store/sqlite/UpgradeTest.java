package io.signalbox.hub.store.sqlite;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.sqlite.access.SqliteAccessStore;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.FleetSchema;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import io.signalbox.hub.store.sqlite.job.JobSchema;
import io.signalbox.hub.store.sqlite.job.SqliteJobStore;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of older versions of the hub are upgraded when they are opened, and keep their rows. */
class UpgradeTest {
  @TempDir Path directory;

  /** The arguments are the schema versions of an older file; 0 for a missing table. */
  @ParameterizedTest
  @CsvSource({"1, 1, 0, 0", "1, 2, 0, 1", "3, 3, 1, 1", "4, 5, 2, 1", "5, 6, 3, 1", "6, 7, 5, 1"})
  void a_device_of_an_older_file_is_kept_with_all_that_belongs_to_it(
      int fleet, int command, int job, int recorder) {
    SqliteDatabase older = older(fleet, command, job, recorder);
    answer(older.write(UpgradeTest::insertDevice));
    answer(older.close());

    SqliteDatabase database = SqliteDatabase.open(directory, newest().toArray(Schema[]::new));

    SqliteTwinStore twins = new SqliteTwinStore(database, 10);
    assertThat(answer(new SqliteDeviceStore(database).find("pump")).orElseThrow().type())
        .isEqualTo("fountain");
    assertThat(answer(twins.find("pump")).desired().state()).isEqualTo("{\"on\":true}");
    assertThat(answer(twins.history("pump", null, null, 10)).items()).isEmpty();
    assertThat(
            answer(
                    SqliteSessionStore.ofOnlyNode(database)
                        .recover("north", 9, SessionEnd.Cause.HUB_RESTARTED))
                .get("pump"))
        .satisfies(
            kept -> assertThat(kept.node()).isEqualTo("north"),
            kept -> assertThat(kept.presence().state()).isEqualTo(Presence.State.OFFLINE),
            kept -> assertThat(kept.presence().expected()).isNull());
    Command kept = answer(new SqliteCommandStore(database).get("c-1")).orElseThrow();
    assertThat(kept.state()).isEqualTo(Command.State.SUCCEEDED);
    assertThat(kept.timeline()).hasSize(1);
    assertThat(kept.job()).isNull();
    answer(database.close());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void an_aborted_job_of_an_older_file_can_be_read(int version) {
    SqliteDatabase older = older(3, 3, version, 1);
    answer(older.write(UpgradeTest::insertDevice));
    answer(older.write(UpgradeTest::insertStoppedJob));
    answer(older.close());

    SqliteDatabase database = SqliteDatabase.open(directory, newest().toArray(Schema[]::new));

    SqliteJobStore jobs = new SqliteJobStore(database);
    Job job = answer(jobs.get("j-1")).orElseThrow();
    assertThat(job.state()).isEqualTo(Job.State.ABORTED);
    assertThat(job.reason()).isEqualTo("2 of 3 devices failed");
    assertThat(job.spec().ttl()).isEqualTo(Duration.ofSeconds(1));
    assertThat(job.counts().of(ExecutionState.SKIPPED)).isEqualTo(1);
    assertThat(ids(jobs.list(Set.of(Job.State.ABORTED), null, 10))).containsExactly("j-1");
    assertThat(ids(jobs.list(Set.of(), null, 10))).containsExactly("j-1");
    Page<JobExecution> executions = answer(jobs.executions("j-1", Set.of(), null, 10));
    assertThat(executions.items())
        .containsExactly(new JobExecution("pump", ExecutionState.SKIPPED, null, null));
    answer(database.close());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void an_upgraded_file_works_like_a_new_one(int version) {
    answer(older(version, version, 0, 0).close());

    SqliteDatabase database = SqliteDatabase.open(directory, newest().toArray(Schema[]::new));

    answer(
        new SqliteDeviceStore(database).insert(List.of(FleetStores.entry("pump")), ignored -> {}));
    assertThat(answer(new SqliteJobStore(database).unfinished())).isEmpty();
    List<RecorderEntry> entries = answer(new SqliteRecorderStore(database, 10).notes("pump"));
    assertThat(entries).isEmpty();
    answer(database.close());
  }

  /** Versions before this one kept the counts, and what a deletion changes, by triggers. */
  @Test
  void a_job_of_an_older_file_goes_on_and_nothing_is_counted_twice() {
    SqliteDatabase older = older(6, 7, 5, 1);
    answer(older.write(UpgradeTest::insertDevice));
    answer(older.write(UpgradeTest::insertRunningJob));
    answer(older.close());

    SqliteDatabase database = SqliteDatabase.open(directory, newest().toArray(Schema[]::new));

    String triggers = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'";
    long left = answer(database.read(sql -> sql.number(triggers)));
    assertThat(left).isZero();
    SqliteJobStore jobs = new SqliteJobStore(database);
    SqliteCommandStore commands = new SqliteCommandStore(database);
    Job before = answer(jobs.get("j-1")).orElseThrow();
    assertThat(before.counts().of(ExecutionState.QUEUED)).isEqualTo(1);
    Command made = answer(commands.get("c-2")).orElseThrow();
    List<Step> timeline = new ArrayList<>(made.timeline());
    timeline.add(new Step(Command.State.SENT, 4, "hub", null, null, null, null));
    answer(commands.append(0, List.of(made.withTimeline(timeline)), null));

    Job sent = answer(jobs.get("j-1")).orElseThrow();
    assertThat(sent.counts().of(ExecutionState.SENT)).isEqualTo(1);
    assertThat(sent.counts().of(ExecutionState.QUEUED)).isZero();
    assertThat(sent.version()).isEqualTo(before.version() + 1);
    SqliteDeviceStore devices = new SqliteDeviceStore(database);
    answer(devices.insert(List.of(FleetStores.entry("fan")), ignored -> {}));
    answer(devices.delete("fan", () -> {}));
    Job refused = answer(jobs.get("j-1")).orElseThrow();
    assertThat(refused.counts().of(ExecutionState.REFUSED)).isEqualTo(1);
    assertThat(refused.counts().sum()).isEqualTo(2);
    assertThat(refused.version()).isEqualTo(sent.version() + 1);
    answer(database.close());
  }

  /** Opens a file as an older version of the hub created it. */
  private SqliteDatabase older(int fleet, int command, int job, int recorder) {
    return SqliteDatabase.open(
        directory,
        Stream.of(
                version(FleetSchema.SCHEMA, fleet),
                SqliteAccessStore.SCHEMA,
                version(SqliteCommandStore.SCHEMA, command),
                version(JobSchema.SCHEMA, job),
                version(SqliteRecorderStore.SCHEMA, recorder))
            .filter(schema -> !schema.steps().isEmpty())
            .toArray(Schema[]::new));
  }

  private static Schema version(Schema newest, int version) {
    return new Schema(newest.component(), newest.steps().subList(0, version));
  }

  private static List<Schema> newest() {
    return List.of(
        FleetSchema.SCHEMA,
        SqliteAccessStore.SCHEMA,
        SqliteCommandStore.SCHEMA,
        JobSchema.SCHEMA,
        SqliteRecorderStore.SCHEMA);
  }

  private static int insertDevice(Sql sql) throws SQLException {
    sql.update(
        "INSERT INTO device (id, type, labels, enabled, created, key_hash, title, search)"
            + " VALUES ('pump', 'fountain', '{}', 1, 1, x'01', 'pump', 'pump')");
    sql.update("INSERT INTO twin VALUES ('pump', 1, '{\"on\":true}', 0, '{}', 1, 'ada')");
    sql.update(
        "INSERT INTO session (device, state, since, cause, transport, address)"
            + " VALUES ('pump', 'online', 1, 'connected', 'websocket', '10.0.0.7')");
    sql.update(
        "INSERT INTO command (id, device, name, params, state, version, created, expires,"
            + " not_before, ended) VALUES ('c-1', 'pump', 'stop', '{}', 'succeeded', 1, 1, 9, 1, 2)");
    return sql.update(
        "INSERT INTO command_step (command, number, state, ts, node)"
            + " VALUES (1, 1, 'succeeded', 2, 'hub')");
  }

  /** Inserts a job in the state that was called stopped, with one device. */
  private static int insertStoppedJob(Sql sql) throws SQLException {
    sql.update(
        "INSERT INTO job (id, name, params, ttl, state, created, by, ended, because, version,"
            + " total, waiting, queued, sent, accepted, succeeded, failed, rejected, expired,"
            + " cancelled, superseded, refused, skipped) VALUES ('j-1', 'stop', '{}', 1000,"
            + " 'stopped', 1, 'ada', 2, '2 of 3 devices failed', 4, 1,"
            + " 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)");
    String table =
        sql.first(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
                    + " AND sql LIKE '%job INTEGER NOT NULL REFERENCES job%'",
                row -> row.getString(1))
            .orElseThrow();
    return sql.update(
        "INSERT INTO " + table + " (job, place, device, state) VALUES (1, 0, 'pump', 'skipped')");
  }

  /** Inserts a running job for two devices; the triggers count the command of the first. */
  private static int insertRunningJob(Sql sql) throws SQLException {
    sql.update(
        "INSERT INTO job (id, name, params, state, created, by, version, total, waiting, queued,"
            + " sent, accepted, succeeded, failed, rejected, expired, cancelled, superseded,"
            + " refused, skipped) VALUES ('j-1', 'stop', '{}', 'running', 1, 'ada', 1, 2,"
            + " 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
    sql.update(
        "INSERT INTO execution (job, place, device, state)"
            + " VALUES (1, 0, 'pump', 'waiting'), (1, 1, 'fan', 'waiting')");
    sql.update(
        "INSERT INTO command (id, device, name, params, state, version, created, expires,"
            + " not_before, job) VALUES ('c-2', 'pump', 'stop', '{}', 'queued', 1, 3, 9, 1, 'j-1')");
    return sql.update(
        "INSERT INTO command_step (command, number, state, ts, node)"
            + " VALUES (2, 1, 'queued', 3, 'hub')");
  }

  private static List<String> ids(Future<Page<Job>> jobs) {
    return answer(jobs).items().stream().map(Job::id).toList();
  }
}
