package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Transitions of job executions. Each one changes executions and, in the same transaction, the
 * counts and the version of their job, so that the three never differ. No other class changes the
 * state of an execution.
 *
 * <p>Threading: the thread that runs the transaction.
 */
public final class ExecutionTransitions {
  /** Reads the present state from the execution, so it runs before {@link #FOLLOW}. */
  private static final String COUNT =
      "UPDATE job SET version = version + 1, "
          + Arrays.stream(ExecutionState.values())
              .map(JobRowMapper::word)
              .map(
                  state ->
                      "%1$s = %1$s + (?1 = '%1$s') - (execution.state = '%1$s')".formatted(state))
              .collect(Collectors.joining(", "))
          + " FROM execution WHERE job.id = ?2 AND execution.job = job.place"
          + " AND execution.device = ?3 AND execution.state <> ?1";

  private static final String FOLLOW =
      "UPDATE execution SET state = ?, command = ? WHERE "
          + JobExecutionRows.OF_JOB
          + " AND device = ?";

  /** Moves executions of one job, which were waiting, from count to count. */
  private static final String NOT_WAITING =
      "UPDATE job SET version = version + 1, waiting = waiting - ?1, %1$s = %1$s + ?1 WHERE ";

  private static final String REFUSED = NOT_WAITING.formatted("refused");
  private static final String SKIPPED = NOT_WAITING.formatted("skipped");

  private ExecutionTransitions() {}

  /**
   * Sets the execution that a command belongs to to the state of the command, which is new or has
   * changed. Two statements; none of the job's executions but that one is read.
   *
   * @param command a command of a job
   */
  public static void follow(Sql sql, Command command) throws SQLException {
    String state = JobRowMapper.word(command.state());
    if (sql.update(COUNT, state, command.job(), command.device()) == 1) {
      sql.update(FOLLOW, state, command.id(), command.job(), command.device());
    }
  }

  /** Refuses the waiting executions of a device that is deleted, in all unfinished jobs. */
  public static void deviceDeleted(Sql sql, String device) throws SQLException {
    List<Long> jobs =
        sql.query(
            "UPDATE execution SET state = 'refused', code = ?, because = ?"
                + " WHERE device = ? AND state = 'waiting'"
                + " AND job IN (SELECT place FROM job WHERE ended IS NULL) RETURNING job",
            row -> row.getLong(1),
            ErrorCode.UNKNOWN_DEVICE.code(),
            "there is no device " + device,
            device);
    for (long job : jobs) {
      sql.update(REFUSED + "place = ?2", 1, job);
    }
  }

  /** Refuses one execution, if it is waiting. */
  static int refuse(Sql sql, String job, JobExecution refused) throws SQLException {
    JobExecution.Reason reason = refused.refusal();
    int changed =
        sql.update(
            "UPDATE execution SET state = 'refused', code = ?, because = ? WHERE "
                + JobExecutionRows.OF_JOB
                + " AND device = ? AND state = 'waiting'",
            reason == null ? null : reason.code(),
            reason == null ? null : reason.text(),
            job,
            refused.device());
    return count(sql, REFUSED, changed, job);
  }

  /** Skips waiting executions in order, at most {@code limit}; returns the number. */
  static int skip(Sql sql, String job, int limit) throws SQLException {
    int changed =
        sql.update(
            "UPDATE execution SET state = 'skipped' WHERE "
                + JobExecutionRows.OF_JOB
                + " AND place IN (SELECT place FROM execution WHERE "
                + JobExecutionRows.OF_JOB
                + " AND state = 'waiting' ORDER BY place LIMIT ?)",
            job,
            job,
            limit);
    return count(sql, SKIPPED, changed, job);
  }

  private static int count(Sql sql, String update, int changed, String job) throws SQLException {
    if (changed > 0) {
      sql.update(update + "id = ?2", changed, job);
    }
    return changed;
  }
}
