package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of jobs, in two steps. First each part is sealed if it has nothing waiting or unfinished:
 * no new command moves an execution of it any more. When all parts are sealed, their counts are
 * final, and the head gets them.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class JobCompletion {
  private static final RedisScript SEAL = RedisScript.of(JobCompletion.class, "seal.lua");
  private static final RedisScript END = RedisScript.of(JobCompletion.class, "end.lua");

  private final RedisLink link;
  private final JobKeys keys;
  private final JobReader reader;

  JobCompletion(RedisLink link, JobKeys keys, JobReader reader) {
    this.link = link;
    this.keys = keys;
    this.reader = reader;
  }

  /** Ends a job without waiting devices and unfinished commands; otherwise does nothing. */
  Future<Void> end(String job, long now) {
    return reader
        .find(job)
        .compose(
            found ->
                found.isPresent() && canEnd(found.get().job())
                    ? seal(found.get(), now)
                    : Future.succeededFuture());
  }

  private static boolean canEnd(Job job) {
    return !job.isOver()
        && job.counts().of(ExecutionState.WAITING) == 0
        && job.counts().unfinished() == 0;
  }

  /** A part that is sealed although another is not stays so: it has nothing left to do. */
  private Future<Void> seal(StoredJob stored, long now) {
    String job = stored.job().id();
    List<Future<Response>> sealed =
        stored.partitions().stream()
            .map(partition -> link.run(SEAL, List.of(keys.counts(job, partition))))
            .toList();
    return Future.join(sealed)
        .compose(
            all ->
                all.<Response>list().stream().allMatch(part -> part.toInteger() == 1)
                    ? reader.parts(job, stored.partitions()).compose(parts -> end(job, now, parts))
                    : Future.succeededFuture());
  }

  private Future<Void> end(String job, long now, List<Response> parts) {
    List<Object> args = new ArrayList<>(List.of(job, now, StoredJob.changes(parts)));
    args.addAll(StoredJob.fields(StoredJob.counts(parts)));
    return link.run(
            END,
            List.of(
                keys.head(job),
                keys.unfinished(),
                keys.ended(),
                keys.in(Job.State.RUNNING),
                keys.in(Job.State.DONE)),
            args.toArray())
        .mapEmpty();
  }
}
