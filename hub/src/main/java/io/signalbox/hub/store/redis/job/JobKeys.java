package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.store.redis.JobParts;
import io.signalbox.hub.store.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Keys of jobs. The global ones are:
 *
 * <ul>
 *   <li>{@code job:JID}: hash, the head of a job
 *   <li>{@code jobs:STATE}: sorted set of the jobs in a state by their place in the list
 *   <li>{@code job-places}: the last place
 *   <li>{@code jobs-unfinished}: sorted set of the jobs that have not ended by place
 *   <li>{@code jobs-ended}: sorted set of the others by the time of their end
 *   <li>{@code jobs-incomplete}: sorted set of the jobs without a head by the time of their
 *       creation; their parts are being inserted, or deleted if the time is -1
 *   <li>{@code jobs-idempotency}: hash of the last use of each idempotency key
 * </ul>
 *
 * <p>{@link JobParts} names those of the partitions. Immutable; safe on any thread.
 */
record JobKeys(RedisKeys keys, JobParts parts) {
  JobKeys(RedisKeys keys) {
    this(keys, new JobParts(keys));
  }

  String head(String job) {
    return keys.global("job") + ':' + job;
  }

  String in(Job.State state) {
    return keys.global("jobs") + ':' + StoredJob.word(state);
  }

  List<String> in(Collection<Job.State> states) {
    return states.stream().map(this::in).toList();
  }

  String places() {
    return keys.global("job-places");
  }

  String unfinished() {
    return keys.global("jobs-unfinished");
  }

  String ended() {
    return keys.global("jobs-ended");
  }

  String incomplete() {
    return keys.global("jobs-incomplete");
  }

  String idempotency() {
    return keys.global("jobs-idempotency");
  }

  /** The hash with the counts of a part. */
  String counts(String job, int partition) {
    return parts.in(job, partition).getFirst();
  }

  /** The keys of a script that changes a part: its three, then the waiting jobs. */
  List<String> part(String job, int partition) {
    List<String> part = new ArrayList<>(parts.in(job, partition));
    part.add(parts.waiting(partition));
    return part;
  }
}
