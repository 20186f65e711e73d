package io.signalbox.hub.store.redis.job;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.JobStore.KeepResult;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Creation of jobs by several scripts, and what a crash between them leaves. */
class JobCreationTest extends PartitionedJobs {
  private static final RedisScript INSERT =
      RedisScript.of(JobCreation.class, "insert.lua", "execution");

  @Test
  void an_incomplete_job_is_invisible_and_deleted_by_retention() {
    insertPartsOnly("j", devices(30), 5_000);

    assertThat(answer(jobs.get("j"))).isEmpty();
    assertThat(answer(jobs.list(Set.of(), null, 10)).items()).isEmpty();
    assertThat(answer(jobs.trim(5_000, 100))).isZero();
    assertThat(answer(jobs.trim(5_001, 10))).isEqualTo(10);
    assertThat(answer(jobs.trim(5_001, 100))).isEqualTo(20);
    assertThat(keysOfJobs()).isEmpty();
  }

  @Test
  void an_incomplete_job_is_deleted_when_one_is_kept_an_hour_later() {
    insertPartsOnly("j", devices(30), 1_000);

    answer(jobs.keep(job("soon", 1, 3_600_999), List.of("a"), null));
    assertThat(keysOfJobs()).anyMatch(key -> key.endsWith(":j"));
    answer(jobs.keep(job("later", 1, 3_601_001), List.of("a"), null));

    assertThat(keysOfJobs()).noneMatch(key -> key.endsWith(":j"));
  }

  @Test
  void a_job_that_is_given_up_while_it_is_kept_is_complete_or_leaves_nothing() {
    List<String> devices = devices(3_000);
    for (int round = 0; round < 20; round++) {
      String id = "j" + round;
      Future<KeepResult> kept = jobs.keep(job(id, 3_000, 1_000), devices, null);
      List<Future<Integer>> trims = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        trims.add(other.trim(Long.MAX_VALUE, 10_000));
      }
      trims.forEach(Results::answer);

      if (isKept(kept)) {
        assertThat(answer(jobs.get(id)).orElseThrow().counts())
            .isEqualTo(counts(ExecutionState.WAITING, 3_000));
        assertThat(all(id, Set.of(), 3_000)).hasSize(3_000);
        answer(jobs.skip(id, 3_000));
        answer(jobs.end(id, 1_000));
        answer(jobs.trim(Long.MAX_VALUE, 10_000));
      } else {
        assertThat(keysOfJobs()).isEmpty();
      }
    }
    assertThat(keysOfJobs()).isEmpty();
  }

  @Test
  void a_complete_job_cannot_be_given_up() {
    insertPartsOnly("k", List.of("a"), 1_000);
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), null));
    RedisScript abandon = RedisScript.of(JobDeletion.class, "abandon.lua");

    assertThat(answer(link.run(abandon, List.of(keys.incomplete()), "k")).toInteger()).isOne();
    assertThat(answer(link.run(abandon, List.of(keys.incomplete()), "j")).toInteger()).isZero();
  }

  /** What a node has stored that is killed before it makes the head. */
  private void insertPartsOnly(String job, List<String> devices, long created) {
    answer(link.send(Request.cmd(Command.ZADD).arg(keys.incomplete()).arg(created).arg(job)));
    for (int i = 0; i < devices.size(); i++) {
      int partition = keys.keys().partitionOf(devices.get(i));
      answer(link.run(INSERT, keys.part(job, partition), job, i, devices.get(i)));
    }
  }

  private static boolean isKept(Future<KeepResult> kept) {
    try {
      return answer(kept) instanceof KeepResult.Created;
    } catch (Refusal givenUp) {
      assertThat(givenUp.kind()).isEqualTo(ErrorCode.UNAVAILABLE);
      return false;
    }
  }

  private static Counts counts(ExecutionState state, int number) {
    Counts none = StoredJob.counts(List.of());
    Map<ExecutionState, Integer> counts = new EnumMap<>(none.counts());
    counts.put(state, number);
    return new Counts(counts);
  }
}
