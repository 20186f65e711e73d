package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Mapper between jobs and rows. States are stored by their protocol names. */
final class JobRowMapper {
  private static final String COUNTS =
      Arrays.stream(ExecutionState.values())
          .map(JobRowMapper::word)
          .collect(Collectors.joining(", "));
  private static final String COLUMNS =
      "id, name, params, ttl, not_before, collapse, metadata, type, labels, at_once,"
          + " failure_share, stop_after, state, created, by, ended, because, total, version, "
          + COUNTS;

  private JobRowMapper() {}

  /** The completely inserted jobs that satisfy the condition. */
  static List<Job> select(Sql sql, String condition, @Nullable Object... parameters)
      throws SQLException {
    String query = "SELECT " + COLUMNS + " FROM job WHERE state <> 'making' AND " + condition;
    return sql.query(query, JobRowMapper::job, parameters);
  }

  /**
   * Inserts a job before its executions. It is stored as ended, so that retention deletes it if the
   * insertion is never completed.
   */
  static void insert(Sql sql, Job job, @Nullable IdempotencyKey token) throws SQLException {
    JobSpec spec = job.spec();
    Selector selector = spec.selector();
    FailureThreshold abort = spec.abort();
    sql.update(
        "INSERT INTO job (id, name, params, ttl, not_before, collapse, metadata, type, labels,"
            + " at_once, failure_share, stop_after, state, created, by, ended, token, fingerprint,"
            + " total, version, "
            + COUNTS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'making', ?, ?, ?, ?, ?, ?, ?"
            + ", ?"
            + ", 0".repeat(ExecutionState.values().length - 1)
            + ")",
        job.id(),
        spec.name(),
        spec.params(),
        spec.ttl() == null ? null : (Long) spec.ttl().toMillis(),
        spec.notBefore(),
        spec.collapse(),
        spec.metadata(),
        selector == null ? null : selector.type(),
        selector == null ? null : Json.of(selector.labels()).toString(),
        spec.maxConcurrent(),
        abort == null ? null : (Double) abort.failureRate(),
        abort == null ? null : (Integer) abort.minFinished(),
        job.created(),
        job.by(),
        job.created(),
        token == null ? null : token.key(),
        token == null ? null : token.fingerprint(),
        job.total(),
        job.version(),
        job.total());
  }

  /** Starts a job after all its executions are inserted. */
  static int begin(Sql sql, String id) throws SQLException {
    return sql.update("UPDATE job SET state = 'running', ended = NULL WHERE id = ?", id);
  }

  /** The protocol's name of a constant, which is also the name of the count's column. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Job job(ResultSet row) throws SQLException {
    return new Job(
        row.getString("id"),
        spec(row),
        row.getLong("created"),
        row.getString("by"),
        Job.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        number(row, "ended"),
        row.getString("because"),
        row.getInt("total"),
        counts(row),
        row.getLong("version"));
  }

  private static JobSpec spec(ResultSet row) throws SQLException {
    Long ttl = number(row, "ttl");
    Long maxConcurrent = number(row, "at_once");
    return new JobSpec(
        row.getString("name"),
        row.getString("params"),
        ttl == null ? null : Duration.ofMillis(ttl),
        number(row, "not_before"),
        row.getString("collapse"),
        row.getString("metadata"),
        selector(row),
        maxConcurrent == null ? null : (Integer) maxConcurrent.intValue(),
        abort(row));
  }

  private static @Nullable Selector selector(ResultSet row) throws SQLException {
    String labels = row.getString("labels");
    return labels == null
        ? null
        : new Selector(row.getString("type"), Json.storedStrings("Column labels of a job", labels));
  }

  private static @Nullable FailureThreshold abort(ResultSet row) throws SQLException {
    Long minFinished = number(row, "stop_after");
    return minFinished == null
        ? null
        : new FailureThreshold(row.getDouble("failure_share"), minFinished.intValue());
  }

  private static Counts counts(ResultSet row) throws SQLException {
    Map<ExecutionState, Integer> counts = new EnumMap<>(ExecutionState.class);
    for (ExecutionState state : ExecutionState.values()) {
      counts.put(state, row.getInt(word(state)));
    }
    return new Counts(counts);
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }
}
