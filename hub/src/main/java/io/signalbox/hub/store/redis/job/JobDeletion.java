package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletion of jobs, in bounded steps. The parts are deleted first and the record of the job last,
 * so that a crash in between leaves nothing that is not found again: an ended job has its head, and
 * one that was never complete is recorded as incomplete.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class JobDeletion {
  private static final RedisScript DELETE =
      RedisScript.of(JobDeletion.class, "delete.lua", "execution");
  private static final RedisScript ABANDON = RedisScript.of(JobDeletion.class, "abandon.lua");
  private static final RedisScript FORGET = RedisScript.of(JobDeletion.class, "forget.lua");

  private static final int DELETE_BATCH = 500;

  private final RedisLink link;
  private final JobKeys keys;

  JobDeletion(RedisLink link, JobKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /**
   * Deletes jobs that ended, and incomplete ones that were begun, before a time; returns the number
   * of deleted devices and jobs, at most {@code limit}.
   */
  Future<Integer> trim(long before, int limit) {
    return trimAbandoned(before, limit)
        .compose(deleted -> trimEnded(before, limit - deleted).map(more -> deleted + more));
  }

  /** Deletes all parts of an incomplete job. */
  Future<Void> discard(String job, List<Integer> partitions) {
    return Future.join(
            partitions.stream()
                .map(partition -> deletePart(job, partition, Integer.MAX_VALUE))
                .toList())
        .compose(deleted -> remove(job))
        .mapEmpty();
  }

  /** Deletes the parts of jobs that were begun before a time and have no head. */
  Future<Integer> trimAbandoned(long before, int limit) {
    return limit == 0
        ? Future.succeededFuture(0)
        : first(keys.incomplete(), before)
            .compose(job -> job == null ? Future.succeededFuture(0) : abandon(job, before, limit));
  }

  /**
   * Deletes the parts of a job unless it has become complete. After the first step it cannot become
   * that any more, however slow the node is that keeps it.
   */
  private Future<Integer> abandon(String job, long before, int limit) {
    return link.run(ABANDON, List.of(keys.incomplete()), job)
        .compose(
            abandoned ->
                abandoned.toInteger() == 0
                    ? Future.succeededFuture(0)
                    : deleteParts(job, keys.keys().all().boxed().toList(), limit))
        .compose(
            deleted ->
                deleted == limit
                    ? Future.succeededFuture(deleted)
                    : remove(job)
                        .compose(gone -> trimAbandoned(before, limit - deleted))
                        .map(more -> deleted + more));
  }

  private Future<Response> remove(String job) {
    return link.send(Request.cmd(Command.ZREM).arg(keys.incomplete()).arg(job));
  }

  private Future<Integer> trimEnded(long before, int limit) {
    return limit == 0
        ? Future.succeededFuture(0)
        : first(keys.ended(), before)
            .compose(job -> job == null ? Future.succeededFuture(0) : trimJob(job, before, limit));
  }

  private Future<Integer> trimJob(String job, long before, int limit) {
    return link.send(Request.cmd(Command.HGETALL).arg(keys.head(job)))
        .compose(head -> deleteParts(job, partitions(head), limit))
        .compose(
            deleted ->
                deleted == limit
                    ? Future.succeededFuture(deleted)
                    : forget(job)
                        .compose(
                            forgotten ->
                                trimEnded(before, limit - deleted - forgotten)
                                    .map(more -> deleted + forgotten + more)));
  }

  private static List<Integer> partitions(Response head) {
    return head.size() == 0 ? List.of() : StoredJob.partitions(head);
  }

  private Future<Integer> forget(String job) {
    List<String> all = new ArrayList<>();
    all.add(keys.head(job));
    all.add(keys.ended());
    all.add(keys.idempotency());
    all.addAll(keys.in(List.of(Job.State.values())));
    return link.run(FORGET, all, job).map(Response::toInteger);
  }

  /** The member with the lowest score, if that is less than a time. */
  private Future<@Nullable String> first(String sortedSet, long before) {
    Request oldest =
        Request.cmd(Command.ZRANGE)
            .arg(sortedSet)
            .arg("-inf")
            .arg("(" + before)
            .arg("BYSCORE")
            .arg("LIMIT")
            .arg(0)
            .arg(1);
    return link.send(oldest).map(found -> found.size() == 0 ? null : found.get(0).toString());
  }

  /** Deletes executions, at most {@code limit}; returns the number. */
  private Future<Integer> deleteParts(String job, List<Integer> partitions, int limit) {
    if (partitions.isEmpty() || limit == 0) {
      return Future.succeededFuture(0);
    }
    return deletePart(job, partitions.getFirst(), limit)
        .compose(
            deleted ->
                deleteParts(job, partitions.subList(1, partitions.size()), limit - deleted)
                    .map(more -> deleted + more));
  }

  private Future<Integer> deletePart(String job, int partition, int limit) {
    int batch = Math.min(limit, DELETE_BATCH);
    return link.run(DELETE, keys.part(job, partition), job, batch)
        .map(Response::toInteger)
        .compose(
            deleted ->
                deleted < batch || batch == limit
                    ? Future.succeededFuture(deleted)
                    : deletePart(job, partition, limit - deleted).map(more -> deleted + more));
  }
}
