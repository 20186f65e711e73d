package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Errands as rows of a job, in the order of its devices. */
final class JobExecutionRows {
  private static final String OF_JOB = "job = (SELECT place FROM job WHERE id = ?)";
  private static final String SELECT =
      "SELECT place, device, state, command, code, because FROM execution WHERE " + OF_JOB;

  private JobExecutionRows() {}

  private record Row(long seq, JobExecution execution) {}

  /** Adds devices that wait; the first of them has this number. */
  static void insert(Sql sql, String job, int first, List<String> devices) throws SQLException {
    sql.update(
        "INSERT INTO execution (job, place, device, state)"
            + " SELECT (SELECT place FROM job WHERE id = ?), ? + key, value, 'waiting'"
            + " FROM json_each(?)",
        job,
        first,
        JobRowMapper.json(devices));
  }

  static int refuse(Sql sql, String job, JobExecution refused) throws SQLException {
    JobExecution.Reason grounds = refused.refusal();
    return sql.update(
        "UPDATE execution SET state = 'refused', code = ?, because = ? WHERE "
            + OF_JOB
            + " AND device = ? AND state = 'waiting'",
        grounds == null ? null : grounds.code(),
        grounds == null ? null : grounds.text(),
        job,
        refused.device());
  }

  static int skip(Sql sql, String job, int limit) throws SQLException {
    return sql.update(
        "UPDATE execution SET state = 'skipped' WHERE "
            + OF_JOB
            + " AND place IN (SELECT place FROM execution WHERE "
            + OF_JOB
            + " AND state = 'waiting' ORDER BY place LIMIT ?)",
        job,
        job,
        limit);
  }

  /** A page after a place; the job's own counts say how many there are altogether. */
  static Page<JobExecution> page(
      Sql sql, Job job, Set<ExecutionState> standings, long after, int limit) throws SQLException {
    List<Row> rows = rows(sql, job.id(), standings, after, limit + 1);
    boolean more = rows.size() > limit;
    List<Row> page = more ? rows.subList(0, limit) : rows;
    String next = more ? Long.toString(page.getLast().seq(), 36) : null;
    return new Page<>(page.stream().map(Row::execution).toList(), next, total(job, standings));
  }

  private static long total(Job job, Set<ExecutionState> standings) {
    return standings.isEmpty() ? job.total() : standings.stream().mapToInt(job.counts()::of).sum();
  }

  /**
   * Of several standings so many of each are taken, by the index, and then the first of them all:
   * otherwise SQLite would put a hundred thousand in order for one page.
   */
  private static List<Row> rows(
      Sql sql, String job, Set<ExecutionState> standings, long after, int limit)
      throws SQLException {
    List<String> parts = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (@Nullable ExecutionState standing : some(standings)) {
      String state = standing == null ? "" : " AND state = ?";
      parts.add("SELECT * FROM (" + SELECT + state + " AND place > ? ORDER BY place LIMIT ?)");
      values.add(job);
      if (standing != null) {
        values.add(JobRowMapper.word(standing));
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

  /** For all of them one part without a condition. */
  private static Iterable<@Nullable ExecutionState> some(Set<ExecutionState> standings) {
    return standings.isEmpty()
        ? Collections.<@Nullable ExecutionState>singletonList(null)
        : List.<@Nullable ExecutionState>copyOf(standings);
  }

  private static Row row(ResultSet row) throws SQLException {
    String code = row.getString(5);
    JobExecution.Reason grounds =
        code == null ? null : new JobExecution.Reason(code, row.getString(6));
    JobExecution execution =
        new JobExecution(
            row.getString(2),
            ExecutionState.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
            row.getString(4),
            grounds);
    return new Row(row.getLong(1), execution);
  }
}
