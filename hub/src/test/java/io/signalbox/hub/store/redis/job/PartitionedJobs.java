package io.signalbox.hub.store.redis.job;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.redis.JobPartsTest;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.RedisTest;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** Jobs of two nodes on one Redis. */
abstract class PartitionedJobs {
  private static final RedisScript APPEND =
      RedisScript.of(JobPartsTest.class, "append.lua", "execution");

  private final RedisTest redis = new RedisTest();
  final RedisLink link = redis.link();
  final JobKeys keys = new JobKeys(redis.keys());
  final RedisJobStore jobs = new RedisJobStore(link, redis.keys());
  final RedisJobStore other = new RedisJobStore(redis.link(), redis.keys());

  static List<String> devices(int number) {
    return IntStream.rangeClosed(1, number).mapToObj(i -> "d" + i).toList();
  }

  static Job job(String id, int devices, long created) {
    JobSpec spec = new JobSpec("start", "{}", null, null, null, null, null, null, null);
    Counts counts = Counts.waiting(devices);
    return new Job(id, spec, created, "ann", Job.State.RUNNING, null, null, devices, counts, 1);
  }

  Future<Response> append(String job, String device) {
    return append(job, device, "c1", "queued");
  }

  Future<Response> append(String job, String device, String command, String state) {
    List<String> part = keys.part(job, keys.keys().partitionOf(device));
    return link.run(APPEND, part, job, device, command, state, state.equals("queued") ? 1 : 0);
  }

  List<JobExecution> all(String job, Set<ExecutionState> states, int limit) {
    List<JobExecution> all = new ArrayList<>();
    Page<JobExecution> page = answer(jobs.executions(job, states, null, limit));
    all.addAll(page.items());
    while (page.next() != null) {
      page = answer(jobs.executions(job, states, page.next(), limit));
      all.addAll(page.items());
    }
    return all;
  }

  /** All keys but those that the partitions and the list keep for ever. */
  List<String> keysOfJobs() {
    Request all = Request.cmd(Command.KEYS).arg(keys.keys().prefix() + ":*");
    List<String> forEver = new ArrayList<>(List.of(keys.places()));
    keys.keys().all().forEach(partition -> forEver.add(keys.parts().waiting(partition)));
    return answer(link.send(all)).stream()
        .map(Response::toString)
        .filter(key -> !forEver.contains(key))
        .toList();
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
