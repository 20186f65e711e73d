package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
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
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Redis implementation of {@link JobStore}. A job has a head, and in each partition with devices of
 * it a part: their executions, the counts of these by state, and the number of changes. One script
 * changes an execution and the counts of its part, together with the command or the device; so the
 * counts of each part add up to its size at any moment, and their sum to the total. The version of
 * a job is that of its head and the changes of its parts.
 *
 * <p>Weaker than the contract of a single store: the parts are read one after the other, so the
 * counts of a job that is changing may be those of no single moment, although the version is one
 * that the job has had; and {@link #halt} compares the version that it has read, so it does not see
 * an execution that changes between the reading and the halt.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
public final class RedisJobStore implements JobStore {
  private static final RedisScript REFUSE = script("refuse.lua", "execution");
  private static final RedisScript SKIP = script("skip.lua", "execution");
  private static final RedisScript HALT = script("halt.lua");

  private static final int HALT_ATTEMPTS = 10;

  private final RedisLink link;
  private final JobKeys keys;
  private final JobReader reader;
  private final JobDeletion deletion;
  private final JobCreation creation;
  private final ExecutionPages executions;
  private final JobCompletion completion;

  /** A store on the jobs with these keys. */
  public RedisJobStore(RedisLink link, RedisKeys keys) {
    this.link = link;
    this.keys = new JobKeys(keys);
    this.reader = new JobReader(link, this.keys);
    this.deletion = new JobDeletion(link, this.keys);
    this.creation = new JobCreation(link, this.keys, deletion);
    this.executions = new ExecutionPages(link, this.keys);
    this.completion = new JobCompletion(link, this.keys, reader);
  }

  private static RedisScript script(String resource, String... libraries) {
    return RedisScript.of(RedisJobStore.class, resource, libraries);
  }

  // ---- Creation and deletion.

  @Override
  public Future<KeepResult> keep(Job job, List<String> devices, @Nullable Claim claim) {
    return creation.keep(job, devices, claim);
  }

  @Override
  public Future<Optional<FirstUse>> original(String key, long since) {
    return creation.original(key, since);
  }

  @Override
  public Future<Integer> trim(long endedBefore, int limit) {
    return deletion.trim(endedBefore, limit);
  }

  // ---- Reading.

  @Override
  public Future<Optional<Job>> get(String id) {
    return reader.find(id).map(found -> found.map(StoredJob::job));
  }

  @Override
  public Future<List<String>> unfinished() {
    return reader.unfinished();
  }

  @Override
  public Future<Page<Job>> list(Set<Job.State> states, @Nullable String cursor, int limit) {
    return position(cursor, Long.MAX_VALUE).compose(before -> reader.page(states, before, limit));
  }

  @Override
  public Future<Page<JobExecution>> executions(
      String job, Set<ExecutionState> states, @Nullable String cursor, int limit) {
    return position(cursor, -1)
        .compose(
            after ->
                reader
                    .find(job)
                    .compose(
                        found ->
                            found.isEmpty()
                                ? Future.succeededFuture(new Page<>(List.of(), null, 0))
                                : executions.page(found.get(), states, after, limit)));
  }

  private static Future<Long> position(@Nullable String cursor, long first) {
    return Future.succeededFuture().map(any -> Paging.after(cursor, first));
  }

  // ---- Changes.

  @Override
  public Future<Void> refuse(String job, JobExecution refused) {
    JobExecution.Reason reason = refused.refusal();
    return link.run(
            REFUSE,
            keys.part(job, keys.keys().partitionOf(refused.device())),
            job,
            refused.device(),
            reason == null ? "" : reason.code(),
            reason == null ? "" : reason.text())
        .mapEmpty();
  }

  @Override
  public Future<Integer> skip(String job, int limit) {
    return reader
        .find(job)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(0)
                    : executions
                        .rows(found.get(), Set.of(ExecutionState.WAITING), -1, limit)
                        .compose(waiting -> skip(found.get(), waiting)));
  }

  /** Skips, in each part, what still waits up to the last place. */
  private Future<Integer> skip(StoredJob stored, List<ExecutionPages.Row> waiting) {
    if (waiting.isEmpty()) {
      return Future.succeededFuture(0);
    }
    String job = stored.job().id();
    int last = waiting.getLast().place();
    List<Future<Integer>> skipped =
        stored.partitions().stream()
            .map(
                partition ->
                    link.run(SKIP, keys.part(job, partition), job, last, waiting.size())
                        .map(Response::toInteger))
            .toList();
    return Future.join(skipped)
        .map(all -> all.<Integer>list().stream().mapToInt(Integer::intValue).sum());
  }

  @Override
  public Future<Job> halt(String job, Job.State state, String reason, Precondition precondition) {
    return OptimisticRetry.run(
            HALT_ATTEMPTS,
            () -> required(job).compose(found -> halt(found, state, reason, precondition)),
            () -> new Refusal(ErrorCode.UNAVAILABLE, "job %s changes too often".formatted(job)))
        .compose(halted -> required(job))
        .map(StoredJob::job);
  }

  private Future<StoredJob> required(String job) {
    return reader.find(job).map(found -> found.orElseThrow(() -> unknown(job)));
  }

  private Future<Void> halt(
      StoredJob stored, Job.State state, String reason, Precondition precondition) {
    Job job = stored.job();
    if (job.state() != Job.State.RUNNING) {
      throw new Refusal(
          ErrorCode.JOB_FINISHED, "job %s is %s".formatted(job.id(), StoredJob.word(job.state())));
    }
    precondition.check("the job", job.version(), () -> Long.toString(job.version()));
    return link.run(
            HALT,
            List.of(keys.head(job.id()), keys.in(Job.State.RUNNING), keys.in(state)),
            job.id(),
            stored.headVersion(),
            StoredJob.word(state),
            reason)
        .compose(
            halted ->
                halted.toInteger() == 1
                    ? Future.succeededFuture()
                    : Future.failedFuture(new StaleReadException()));
  }

  @Override
  public Future<Void> end(String job, long now) {
    return completion.end(job, now);
  }

  private static Refusal unknown(String id) {
    return new Refusal(ErrorCode.UNKNOWN_JOB, "there is no job " + id);
  }
}
