package io.signalbox.hub.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The parts of jobs: a job has one in each partition with devices of it, so that the script that
 * changes a command or a device changes the executions of the device as well, by the functions in
 * {@code execution.lua}. Immutable; safe on any thread.
 */
public record JobParts(RedisKeys keys) {
  /** As in {@code execution.lua}: a smaller score is that of a waiting execution. */
  private static final int PLACES = 1 << 20;

  /**
   * The jobs in which a device waits.
   *
   * @param jobs ids, for {@code jobParts}
   * @param keys of their parts, three for each
   * @param insertions number of insertions when they were read, for {@code knowsWaiting}
   */
  public record Waiting(List<String> jobs, List<String> keys, long insertions) {}

  /** The three keys of the part that has a device's execution. */
  public List<String> of(String job, String device) {
    return in(job, keys.partitionOf(device));
  }

  /** The three keys of a part. */
  public List<String> in(String job, int partition) {
    return Stream.of("job", "executions", "outcomes")
        .map(kind -> keys.in(partition, kind) + ':' + job)
        .toList();
  }

  /** The key of the jobs with waiting executions in a partition. */
  public String waiting(int partition) {
    return keys.in(partition, "waiting");
  }

  /** The key of the jobs with waiting executions in a device's partition. */
  public String waiting(String device) {
    return waiting(keys.partitionOf(device));
  }

  /** Finds the jobs in which a device waits. The script that uses the result checks it. */
  public Future<Waiting> waitingOf(RedisLink link, String device) {
    return link.send(Request.cmd(Command.HGETALL).arg(waiting(device)))
        .compose(read -> waitingIn(link, device, read));
  }

  private Future<Waiting> waitingIn(RedisLink link, String device, Response read) {
    List<String> jobs = new ArrayList<>(read.getKeys());
    jobs.remove("");
    Response insertions = read.get("");
    List<Request> scores =
        jobs.stream()
            .map(job -> Request.cmd(Command.ZSCORE).arg(of(job, device).get(1)).arg(device))
            .toList();
    return link.sendAll(scores)
        .map(found -> waiting(device, jobs, found, insertions == null ? 0 : insertions.toLong()));
  }

  private Waiting waiting(
      String device, List<String> jobs, List<Response> scores, long insertions) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      if (scores.get(i) != null && scores.get(i).toDouble() < PLACES) {
        found.add(jobs.get(i));
      }
    }
    List<String> parts = found.stream().flatMap(job -> of(job, device).stream()).toList();
    return new Waiting(found, parts, insertions);
  }
}
