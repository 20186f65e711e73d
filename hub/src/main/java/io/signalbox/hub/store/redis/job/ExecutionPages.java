package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a job's executions in the order of its devices, merged from its parts. Each part is
 * asked for its share of the page and some more; if that is not enough, all are asked again for
 * what follows.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class ExecutionPages {
  private static final RedisScript PAGE =
      RedisScript.of(ExecutionPages.class, "page.lua", "execution");

  /** Columns of the script's result. */
  private static final int COLUMNS = 4;

  /** Not less than the number of devices of a job. */
  private static final int MAX_PLACE = 1 << 20;

  /** Executions that a part is asked for beyond its share. */
  private static final int SPARE = 16;

  private final RedisLink link;
  private final JobKeys keys;

  ExecutionPages(RedisLink link, JobKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /**
   * An execution.
   *
   * @param place of the device in the job, from 0
   */
  record Row(int place, JobExecution execution) {}

  /** Executions of a part, in order; complete if there are no more. */
  private record Share(List<Row> rows, boolean isComplete) {}

  /** A page after a position; the total is taken from the job's counts. */
  Future<Page<JobExecution>> page(
      StoredJob stored, Set<ExecutionState> states, long after, int limit) {
    return rows(stored, states, after, limit + 1)
        .map(
            rows ->
                Paging.page(
                    rows,
                    limit,
                    Row::execution,
                    row -> Paging.cursor(row.place()),
                    total(stored.job(), states)));
  }

  private static long total(Job job, Set<ExecutionState> states) {
    return states.isEmpty() ? job.total() : states.stream().mapToInt(job.counts()::of).sum();
  }

  /** The first executions after a place in some states, at most {@code limit}. */
  Future<List<Row>> rows(StoredJob stored, Set<ExecutionState> states, long after, int limit) {
    Collection<ExecutionState> some = states.isEmpty() ? List.of(ExecutionState.values()) : states;
    return limit == 0
        ? Future.succeededFuture(List.of())
        : collect(stored, some, Math.clamp(after, -1, MAX_PLACE), limit, new ArrayList<>());
  }

  private Future<List<Row>> collect(
      StoredJob stored, Collection<ExecutionState> states, int after, int limit, List<Row> rows) {
    int each = Math.min(limit, limit / stored.partitions().size() + SPARE);
    List<Future<Share>> shares =
        stored.partitions().stream()
            .map(partition -> share(stored.job().id(), partition, states, after, each))
            .toList();
    return Future.join(shares)
        .compose(
            all -> {
              int last = last(all.list());
              List<Row> merged = merged(all.list(), last);
              rows.addAll(merged.subList(0, Math.min(merged.size(), limit)));
              return last == MAX_PLACE || merged.size() >= limit
                  ? Future.succeededFuture(rows)
                  : collect(stored, states, last, limit - merged.size(), rows);
            });
  }

  /** The last place up to which the shares have all executions. */
  private static int last(List<Share> shares) {
    return shares.stream()
        .filter(share -> !share.isComplete())
        .mapToInt(share -> share.rows().getLast().place())
        .min()
        .orElse(MAX_PLACE);
  }

  private static List<Row> merged(List<Share> shares, int last) {
    return shares.stream()
        .flatMap(share -> share.rows().stream())
        .filter(row -> row.place() <= last)
        .sorted(Comparator.comparingInt(Row::place))
        .toList();
  }

  private Future<Share> share(
      String job, int partition, Collection<ExecutionState> states, int after, int limit) {
    List<Object> args = new ArrayList<>(List.of(after, limit));
    states.forEach(state -> args.add(StoredJob.word(state)));
    return link.run(PAGE, keys.parts().in(job, partition), args.toArray())
        .map(found -> new Share(rows(found), found.size() < limit * COLUMNS));
  }

  private static List<Row> rows(Response found) {
    List<Row> rows = new ArrayList<>(found.size() / COLUMNS);
    for (int i = 0; i < found.size(); i += COLUMNS) {
      ExecutionState state =
          ExecutionState.valueOf(found.get(i + 2).toString().toUpperCase(Locale.ROOT));
      String outcome = found.get(i + 3).toString();
      boolean refused = state == ExecutionState.REFUSED;
      rows.add(
          new Row(
              found.get(i).toInteger(),
              new JobExecution(
                  found.get(i + 1).toString(),
                  state,
                  refused || outcome.isEmpty() ? null : outcome,
                  refused ? reason(outcome) : null)));
    }
    return rows;
  }

  private static JobExecution.@Nullable Reason reason(String outcome) {
    int code = outcome.indexOf(' ');
    return code < 0
        ? null
        : new JobExecution.Reason(outcome.substring(0, code), outcome.substring(code + 1));
  }
}
