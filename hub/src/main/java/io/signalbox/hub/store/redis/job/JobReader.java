package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads jobs: the head first, then the counts of all parts in one go, unless the job has ended.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class JobReader {
  private static final RedisScript LIST = RedisScript.of(JobReader.class, "list.lua");

  private final RedisLink link;
  private final JobKeys keys;

  JobReader(RedisLink link, JobKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /** The job with that id. */
  Future<Optional<StoredJob>> find(String id) {
    return link.send(Request.cmd(Command.HGETALL).arg(keys.head(id)))
        .compose(head -> withCounts(id, head));
  }

  private Future<Optional<StoredJob>> withCounts(String id, Response head) {
    if (head.size() == 0) {
      return Future.succeededFuture(Optional.empty());
    }
    return StoredJob.hasEnded(head)
        ? Future.succeededFuture(Optional.of(StoredJob.of(id, head, List.of(head))))
        : parts(id, StoredJob.partitions(head))
            .map(parts -> Optional.of(StoredJob.of(id, head, parts)));
  }

  /** The hashes with the counts of some parts. */
  Future<List<Response>> parts(String job, List<Integer> partitions) {
    return link.sendAll(
        partitions.stream()
            .map(partition -> Request.cmd(Command.HGETALL).arg(keys.counts(job, partition)))
            .toList());
  }

  /** The ids of the jobs that have not ended, oldest first. */
  Future<List<String>> unfinished() {
    return link.send(Request.cmd(Command.ZRANGE).arg(keys.unfinished()).arg(0).arg(-1))
        .map(found -> found.stream().map(Response::toString).toList());
  }

  /** Jobs before a place, newest first. */
  Future<Page<Job>> page(Set<Job.State> states, long before, int limit) {
    Collection<Job.State> some = states.isEmpty() ? List.of(Job.State.values()) : states;
    return link.run(LIST, keys.in(some), before, limit + 1)
        .compose(found -> page(found, some, limit));
  }

  /** The page of what the script has found: the total, then the id and the place of each job. */
  private Future<Page<Job>> page(Response found, Collection<Job.State> states, int limit) {
    int jobs = found.size() / 2;
    int shown = Math.min(jobs, limit);
    String next = jobs > limit ? Paging.cursor(found.get(2 * shown).toLong()) : null;
    List<Future<Optional<StoredJob>>> reads =
        IntStream.range(0, shown).mapToObj(i -> find(found.get(2 * i + 1).toString())).toList();
    return Future.join(reads)
        .map(
            all ->
                new Page<>(
                    all.<Optional<StoredJob>>list().stream()
                        .flatMap(Optional::stream)
                        .map(StoredJob::job)
                        // It may have changed since the script found it.
                        .filter(job -> states.contains(job.state()))
                        .toList(),
                    next,
                    found.get(0).toLong()));
  }
}
