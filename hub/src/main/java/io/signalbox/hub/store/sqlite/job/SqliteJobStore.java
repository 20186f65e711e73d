package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobStore;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.sqlite.Paging;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SQLite implementation of {@link JobStore}: one row per job, with its counts, and one per
 * execution. Large jobs are inserted in several transactions, so that other writes can run in
 * between, and are visible once they are complete.
 *
 * <p>Threading: any thread; futures complete on the database's threads.
 */
public final class SqliteJobStore implements JobStore {
  private static final int INSERT_BATCH = 2_000;

  private final SqliteDatabase database;

  /** A store on a database that was opened with {@link JobSchema#SCHEMA}. */
  public SqliteJobStore(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Void> keep(Job job, List<String> devices, @Nullable IdempotencyKey token) {
    return keepFrom(0, job, devices, token);
  }

  private Future<Void> keepFrom(
      int from, Job job, List<String> devices, @Nullable IdempotencyKey token) {
    int to = Math.min(devices.size(), from + INSERT_BATCH);
    boolean last = to == devices.size();
    return database
        .write(
            sql -> {
              if (from == 0) {
                JobRowMapper.insert(sql, job, token);
              }
              JobExecutionRows.insert(sql, job.id(), from, devices.subList(from, to));
              return last ? JobRowMapper.begin(sql, job.id()) : 0;
            })
        .compose(kept -> last ? Future.succeededFuture() : keepFrom(to, job, devices, token));
  }

  @Override
  public Future<Optional<FirstUse>> original(String key, long since) {
    return database.read(
        sql ->
            sql.first(
                "SELECT id, fingerprint FROM job WHERE token = ? AND created >= ?"
                    + " AND state <> 'making' ORDER BY place DESC LIMIT 1",
                row -> new FirstUse(row.getString(1), row.getString(2)),
                key,
                since));
  }

  @Override
  public Future<Optional<Job>> get(String id) {
    return database.read(sql -> find(sql, id));
  }

  @Override
  public Future<List<String>> unfinished() {
    return database.list(
        sql ->
            sql.query(
                "SELECT id FROM job WHERE ended IS NULL ORDER BY place", row -> row.getString(1)));
  }

  @Override
  public Future<Void> refuse(String job, JobExecution refused) {
    return database.writeAlways(sql -> JobExecutionRows.refuse(sql, job, refused)).mapEmpty();
  }

  @Override
  public Future<Integer> skip(String job, int limit) {
    return database.writeAlways(sql -> JobExecutionRows.skip(sql, job, limit));
  }

  @Override
  public Future<Job> halt(String job, Job.State state, String reason, Precondition precondition) {
    return database.writeAlways(sql -> halt(sql, job, state, reason, precondition));
  }

  private static Job halt(
      Sql sql, String id, Job.State state, String reason, Precondition precondition)
      throws SQLException {
    Job job = find(sql, id).orElseThrow(() -> unknown(id));
    if (job.state() != Job.State.RUNNING) {
      throw new Refusal(
          ErrorCode.JOB_FINISHED, "job %s is %s".formatted(id, JobRowMapper.word(job.state())));
    }
    precondition.check("the job", job.version(), () -> Long.toString(job.version()));
    sql.update(
        "UPDATE job SET state = ?, because = ?, version = version + 1 WHERE id = ?",
        JobRowMapper.word(state),
        reason,
        id);
    return find(sql, id).orElseThrow(() -> unknown(id));
  }

  @Override
  public Future<Void> end(String job, long now) {
    return database
        .writeAlways(
            sql ->
                sql.update(
                    "UPDATE job SET ended = ?, version = version + 1,"
                        + " state = CASE state WHEN 'running' THEN 'done' ELSE state END"
                        + " WHERE id = ? AND ended IS NULL"
                        + " AND waiting + queued + sent + accepted = 0",
                    now,
                    job))
        .mapEmpty();
  }

  @Override
  public Future<Page<Job>> list(Set<Job.State> states, @Nullable String cursor, int limit) {
    return database.list(sql -> page(sql, states, cursor, limit));
  }

  private static Page<Job> page(Sql sql, Set<Job.State> states, @Nullable String cursor, int limit)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    states.forEach(state -> values.add(JobRowMapper.word(state)));
    String condition = states.isEmpty() ? "state <> 'making'" : "state IN " + places(states.size());
    long total = sql.number("SELECT count(*) FROM job WHERE " + condition, values.toArray());
    values.add(Paging.after(cursor, Long.MAX_VALUE));
    values.add(limit + 1);
    List<Job> found =
        JobRowMapper.select(
            sql, condition + " AND place < ? ORDER BY place DESC LIMIT ?", values.toArray());
    if (found.size() <= limit) {
      return new Page<>(found, null, total);
    }
    List<Job> items = List.copyOf(found.subList(0, limit));
    long last = sql.number("SELECT place FROM job WHERE id = ?", items.getLast().id());
    return new Page<>(items, Paging.cursor(last), total);
  }

  private static String places(int count) {
    return "(" + String.join(", ", Collections.nCopies(count, "?")) + ")";
  }

  @Override
  public Future<Page<JobExecution>> executions(
      String job, Set<ExecutionState> states, @Nullable String cursor, int limit) {
    return database.list(sql -> executions(sql, job, states, cursor, limit));
  }

  private static Page<JobExecution> executions(
      Sql sql, String id, Set<ExecutionState> states, @Nullable String cursor, int limit)
      throws SQLException {
    long after = Paging.after(cursor, -1);
    Optional<Job> job = find(sql, id);
    return job.isEmpty()
        ? new Page<>(List.of(), null, 0)
        : JobExecutionRows.page(sql, job.get(), states, after, limit);
  }

  @Override
  public Future<Integer> trim(long endedBefore, int limit) {
    return database.writeAlways(sql -> trim(sql, endedBefore, limit));
  }

  private static int trim(Sql sql, long endedBefore, int limit) throws SQLException {
    int left = limit;
    while (left > 0) {
      Optional<Long> oldest =
          sql.first(
              "SELECT place FROM job WHERE ended IS NOT NULL AND ended < ? ORDER BY ended LIMIT 1",
              row -> row.getLong(1),
              endedBefore);
      if (oldest.isEmpty()) {
        break;
      }
      left -= trimJob(sql, oldest.get(), left);
    }
    return limit - left;
  }

  private static int trimJob(Sql sql, long job, int limit) throws SQLException {
    int executions =
        sql.update(
            "DELETE FROM execution WHERE job = ? AND place IN"
                + " (SELECT place FROM execution WHERE job = ? LIMIT ?)",
            job,
            job,
            limit);
    return executions == limit
        ? limit
        : executions + sql.update("DELETE FROM job WHERE place = ?", job);
  }

  private static Optional<Job> find(Sql sql, String id) throws SQLException {
    return JobRowMapper.select(sql, "id = ?", id).stream().findFirst();
  }

  private static Refusal unknown(String id) {
    return new Refusal(ErrorCode.UNKNOWN_JOB, "there is no job " + id);
  }
}
