package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobStore;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.Paging;
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
  public Future<KeepResult> keep(Job job, List<String> devices, @Nullable Claim claim) {
    return keepFrom(0, job, devices, claim);
  }

  private Future<KeepResult> keepFrom(
      int from, Job job, List<String> devices, @Nullable Claim claim) {
    int to = Math.min(devices.size(), from + INSERT_BATCH);
    return database
        .write(sql -> keepPart(sql, job, devices, from, to, claim))
        .compose(
            first -> {
              if (first.isPresent()) {
                return discard(job, from).map(new KeepResult.AlreadyMade(first.get()));
              }
              return to == devices.size()
                  ? Future.succeededFuture(new KeepResult.Created())
                  : keepFrom(to, job, devices, claim);
            });
  }

  /** Each part looks for the key, which is used by the job that is complete first. */
  private static Optional<FirstUse> keepPart(
      Sql sql, Job job, List<String> devices, int from, int to, @Nullable Claim claim)
      throws SQLException {
    Optional<FirstUse> first =
        claim == null ? Optional.empty() : original(sql, claim.key().key(), claim.since());
    if (first.isPresent()) {
      return first;
    }
    if (from == 0) {
      JobRowMapper.insert(sql, job, claim == null ? null : claim.key());
    }
    JobExecutionRows.insert(sql, job.id(), from, devices.subList(from, to));
    if (to == devices.size()) {
      JobRowMapper.begin(sql, job.id());
    }
    return first;
  }

  /** Deletes the parts of a job that is not made; after a crash, retention does. */
  private Future<Void> discard(Job job, int inserted) {
    return inserted == 0
        ? Future.succeededFuture()
        : database
            .writeAlways(sql -> trimJob(sql, place(sql, job.id()), INSERT_BATCH))
            .compose(deleted -> discard(job, deleted < INSERT_BATCH ? 0 : inserted));
  }

  @Override
  public Future<Optional<FirstUse>> original(String key, long since) {
    return database.read(sql -> original(sql, key, since));
  }

  private static Optional<FirstUse> original(Sql sql, String key, long since) throws SQLException {
    return sql.first(
        "SELECT id, fingerprint FROM job WHERE token = ? AND created >= ?"
            + " AND state <> 'making' ORDER BY place DESC LIMIT 1",
        row -> new FirstUse(row.getString(1), row.getString(2)),
        key,
        since);
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
    return database.writeAlways(sql -> ExecutionTransitions.refuse(sql, job, refused)).mapEmpty();
  }

  @Override
  public Future<Integer> skip(String job, int limit) {
    return database.writeAlways(sql -> ExecutionTransitions.skip(sql, job, limit));
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
    long last = place(sql, items.getLast().id());
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

  private static long place(Sql sql, String id) throws SQLException {
    return sql.first("SELECT place FROM job WHERE id = ?", row -> row.getLong(1), id).orElse(0L);
  }

  private static Optional<Job> find(Sql sql, String id) throws SQLException {
    return JobRowMapper.select(sql, "id = ?", id).stream().findFirst();
  }

  private static Refusal unknown(String id) {
    return new Refusal(ErrorCode.UNKNOWN_JOB, "there is no job " + id);
  }
}
