package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.job.JobStore.KeepResult;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creation of jobs. The parts are inserted first, in small steps; nobody sees them, because the job
 * has no head. Then one step makes the head, if the idempotency key is still unused. Before the
 * first part the job is recorded as incomplete, so that {@link JobDeletion} finds the parts that a
 * crash has left.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class JobCreation {
  private static final RedisScript INSERT =
      RedisScript.of(JobCreation.class, "insert.lua", "execution");
  private static final RedisScript MAKE = RedisScript.of(JobCreation.class, "make.lua");

  /** Devices that one script inserts. */
  private static final int INSERT_BATCH = 500;

  /** Age from which an incomplete job is the rest of a crash. */
  private static final long ABANDONED_MS = Duration.ofHours(1).toMillis();

  private static final int TRIM_BATCH = 2_000;

  private final RedisLink link;
  private final JobKeys keys;
  private final JobDeletion deletion;

  JobCreation(RedisLink link, JobKeys keys, JobDeletion deletion) {
    this.link = link;
    this.keys = keys;
    this.deletion = deletion;
  }

  /** The last use of an idempotency key, if not before a time. */
  Future<Optional<FirstUse>> original(String key, long since) {
    return link.send(Request.cmd(Command.HGET).arg(keys.idempotency()).arg(key))
        .map(
            use ->
                use == null || Use.of(use).created() < since
                    ? Optional.empty()
                    : Optional.of(Use.of(use).first()));
  }

  /** Stores a new job; the result says whether an earlier request has used the key. */
  Future<KeepResult> keep(Job job, List<String> devices, @Nullable Claim claim) {
    if (claim == null) {
      return insert(job, devices, null);
    }
    return original(claim.key().key(), claim.since())
        .compose(
            first ->
                first.isPresent()
                    ? Future.succeededFuture(new KeepResult.AlreadyMade(first.get()))
                    : insert(job, devices, claim));
  }

  private Future<KeepResult> insert(Job job, List<String> devices, @Nullable Claim claim) {
    Map<Integer, List<Integer>> places = byPartition(devices);
    Request begin =
        Request.cmd(Command.ZADD).arg(keys.incomplete()).arg(job.created()).arg(job.id());
    return link.send(begin)
        .compose(
            begun ->
                Future.join(
                    places.entrySet().stream()
                        .map(part -> insert(job.id(), part.getKey(), part.getValue(), devices, 0))
                        .toList()))
        .compose(inserted -> make(job, sorted(places), claim))
        .compose(made -> result(made, job, sorted(places)));
  }

  private Map<Integer, List<Integer>> byPartition(List<String> devices) {
    Map<Integer, List<Integer>> places = new HashMap<>();
    for (int place = 0; place < devices.size(); place++) {
      int partition = keys.keys().partitionOf(devices.get(place));
      places.computeIfAbsent(partition, first -> new ArrayList<>()).add(place);
    }
    return places;
  }

  private static List<Integer> sorted(Map<Integer, ?> partitions) {
    return partitions.keySet().stream().sorted(Comparator.naturalOrder()).toList();
  }

  /** Inserts the devices of a partition from a position in their places. */
  private Future<Void> insert(
      String job, int partition, List<Integer> places, List<String> devices, int from) {
    if (from == places.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(places.size(), from + INSERT_BATCH);
    List<Object> args = new ArrayList<>(List.of(job));
    for (int place : places.subList(from, to)) {
      args.add(place);
      args.add(devices.get(place));
    }
    return link.run(INSERT, keys.part(job, partition), args.toArray())
        .compose(inserted -> insert(job, partition, places, devices, to));
  }

  private Future<Response> make(Job job, List<Integer> partitions, @Nullable Claim claim) {
    String key = claim == null ? null : claim.key().key();
    List<Object> args = new ArrayList<>();
    args.add(job.id());
    args.add(job.created());
    args.add(key == null ? "" : key);
    args.add(claim == null ? 0 : claim.since());
    args.add(claim == null ? "" : Use.of(job, claim).text());
    args.addAll(StoredJob.head(job, partitions, key));
    return link.run(
        MAKE,
        List.of(
            keys.head(job.id()),
            keys.in(Job.State.RUNNING),
            keys.unfinished(),
            keys.places(),
            keys.incomplete(),
            keys.idempotency()),
        args.toArray());
  }

  private Future<KeepResult> result(Response made, Job job, List<Integer> partitions) {
    return switch (made.toString()) {
      case "made" ->
          deletion
              .trimAbandoned(job.created() - ABANDONED_MS, TRIM_BATCH)
              .otherwise(0)
              .map(trimmed -> new KeepResult.Created());
      case "gone" ->
          deletion
              .discard(job.id(), partitions)
              .compose(discarded -> Future.failedFuture(tookTooLong()));
      default ->
          deletion
              .discard(job.id(), partitions)
              .map(discarded -> new KeepResult.AlreadyMade(Use.of(made).first()));
    };
  }

  private static Refusal tookTooLong() {
    return new Refusal(ErrorCode.UNAVAILABLE, "storing the job took too long");
  }

  /** Use of an idempotency key, stored as three words. A fingerprint and an id have no spaces. */
  private record Use(long created, FirstUse first) {
    static Use of(Job job, Claim claim) {
      return new Use(job.created(), new FirstUse(job.id(), claim.key().fingerprint()));
    }

    static Use of(Response stored) {
      String[] words = stored.toString().split(" ", 3);
      return new Use(Long.parseLong(words[0]), new FirstUse(words[2], words[1]));
    }

    String text() {
      return created + " " + first.fingerprint() + " " + first.id();
    }
  }
}
