package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of job executions, in the order of the job's devices. */
final class JobExecutionRows {
  /** Condition on the id of a job. */
  static final String OF_JOB = "job = (SELECT place FROM job WHERE id = ?)";

  private static final String SELECT =
      "SELECT place, device, state, command, code, because FROM execution WHERE " + OF_JOB;

  private JobExecutionRows() {}

  private record Row(long seq, JobExecution execution) {}

  /** Inserts waiting devices, numbered from {@code first}. */
  static void insert(Sql sql, String job, int first, List<String> devices) throws SQLException {
    sql.update(
        "INSERT INTO execution (job, place, device, state)"
            + " SELECT (SELECT place FROM job WHERE id = ?), ? + key, value, 'waiting'"
            + " FROM json_each(?)",
        job,
        first,
        Json.of(devices).toString());
  }

  /** A page after a position; the total is taken from the job's counts. */
  static Page<JobExecution> page(
      Sql sql, Job job, Set<ExecutionState> states, long after, int limit) throws SQLException {
    return Paging.page(
        rows(sql, job.id(), states, after, limit + 1),
        limit,
        Row::execution,
        row -> Paging.cursor(row.seq()),
        total(job, states));
  }

  private static long total(Job job, Set<ExecutionState> states) {
    return states.isEmpty() ? job.total() : states.stream().mapToInt(job.counts()::of).sum();
  }

  /**
   * Selects a full page per state by the index, then the first rows of all of them; otherwise
   * SQLite would sort a hundred thousand rows for one page.
   */
  private static List<Row> rows(
      Sql sql, String job, Set<ExecutionState> states, long after, int limit) throws SQLException {
    List<String> parts = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (@Nullable ExecutionState each : some(states)) {
      String state = each == null ? "" : " AND state = ?";
      parts.add("SELECT * FROM (" + SELECT + state + " AND place > ? ORDER BY place LIMIT ?)");
      values.add(job);
      if (each != null) {
        values.add(JobRowMapper.word(each));
      }
      values.add(after);
      values.add(limit);
    }
    values.add(limit);
    return sql.query(
        String.join(" UNION ALL ", parts) + " ORDER BY place LIMIT ?",
        JobExecutionRows::row,
        values.toArray());
  }

  /** The states to select; one null, for no condition, if all are wanted. */
  private static Iterable<@Nullable ExecutionState> some(Set<ExecutionState> states) {
    return states.isEmpty()
        ? Collections.<@Nullable ExecutionState>singletonList(null)
        : List.<@Nullable ExecutionState>copyOf(states);
  }

  private static Row row(ResultSet row) throws SQLException {
    String code = row.getString(5);
    JobExecution.Reason reason =
        code == null ? null : new JobExecution.Reason(code, row.getString(6));
    JobExecution execution =
        new JobExecution(
            row.getString(2),
            ExecutionState.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
            row.getString(4),
            reason);
    return new Row(row.getLong(1), execution);
  }
}
