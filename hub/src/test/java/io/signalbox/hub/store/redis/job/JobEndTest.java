package io.signalbox.hub.store.redis.job;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobExecution.Reason;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** End of jobs by several scripts, and their deletion. */
class JobEndTest extends PartitionedJobs {
  @Test
  void a_job_whose_parts_are_sealed_is_ended_by_the_next_call() {
    answer(jobs.keep(job("j", 2, 1_000), List.of("a", "b"), null));
    answer(jobs.skip("j", 2));
    assertThat(seal("j", "a")).isTrue();
    assertThat(seal("j", "b")).isTrue();
    assertThat(answer(jobs.get("j")).orElseThrow().isOver()).isFalse();

    answer(other.end("j", 2_000));

    assertThat(answer(jobs.get("j")).orElseThrow().ended()).isEqualTo(2_000);
  }

  @Test
  void a_part_with_a_waiting_execution_or_an_unfinished_command_is_not_sealed() {
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), null));
    assertThat(seal("j", "a")).isFalse();
    for (String state : List.of("queued", "sent", "accepted")) {
      answer(append("j", "a", "c1", state));
      assertThat(seal("j", "a")).as(state).isFalse();
    }
    answer(append("j", "a", "c1", "failed"));
    assertThat(seal("j", "a")).isTrue();
  }

  @Test
  void an_ended_job_has_no_unfinished_command_whatever_is_appended_meanwhile() {
    List<String> devices = devices(8);
    for (int round = 0; round < 80; round++) {
      String id = "j" + round;
      answer(jobs.keep(job(id, 8, 1_000), devices, null));
      answer(jobs.skip(id, 8));
      // The commands are appended one by one while the end goes from step to step.
      Future<?> appends = Future.succeededFuture();
      for (int i = 0; i < round % 8; i++) {
        appends = appends.compose(done -> jobs.unfinished());
      }
      for (String device : devices) {
        appends = appends.compose(done -> append(id, device));
      }
      answer(Future.join(appends, other.end(id, 2_000)));

      Job job = answer(other.get(id)).orElseThrow();
      List<JobExecution> executions = all(id, Set.of(), 8);
      assertThat(job.isOver() ? job.counts().unfinished() : 0).isZero();
      for (ExecutionState state : ExecutionState.values()) {
        assertThat(executions)
            .filteredOn(execution -> execution.standing() == state)
            .hasSize(job.counts().of(state));
      }
    }
  }

  @Test
  void an_ended_job_keeps_its_counts_and_its_version_while_its_executions_are_deleted() {
    answer(jobs.keep(job("j", 9, 1_000), devices(9), null));
    answer(jobs.skip("j", 9));
    long before = answer(jobs.get("j")).orElseThrow().version();
    answer(jobs.end("j", 2_000));
    Job ended = answer(jobs.get("j")).orElseThrow();

    answer(jobs.trim(3_000, 5));

    assertThat(ended.version()).isGreaterThan(before);
    assertThat(answer(jobs.get("j"))).hasValue(ended);
    assertThat(all("j", Set.of(), 3)).hasSize(4);
  }

  @Test
  void a_deleted_job_leaves_no_key() {
    answer(jobs.keep(job("j", 9, 1_000), devices(9), claim("key")));
    append("j", "d1");
    answer(jobs.refuse("j", refused("d2", new Reason("x", "é y"))));
    answer(jobs.refuse("j", refused("d3", null)));
    assertThat(all("j", Set.of(ExecutionState.REFUSED), 5))
        .containsExactly(refused("d2", new Reason("x", "é y")), refused("d3", null));
    answer(jobs.skip("j", 9));
    answer(append("j", "d1", "c1", "failed"));
    answer(jobs.end("j", 2_000));

    assertThat(answer(jobs.trim(3_000, 100))).isEqualTo(10);

    assertThat(keysOfJobs()).isEmpty();
    assertThat(answer(jobs.original("key", 0))).isEmpty();
  }

  @Test
  void a_key_that_a_later_job_has_used_stays_when_the_earlier_one_is_deleted() {
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), claim("key")));
    Claim later = new Claim(claim("key").key(), 1_500);
    answer(jobs.keep(job("k", 1, 2_000), List.of("a"), later));
    answer(jobs.skip("j", 1));
    answer(jobs.end("j", 2_000));
    answer(jobs.trim(3_000, 100));

    assertThat(answer(jobs.original("key", 0)).orElseThrow().id()).isEqualTo("k");
  }

  private boolean seal(String job, String device) {
    String counts = keys.counts(job, keys.keys().partitionOf(device));
    RedisScript seal = RedisScript.of(RedisJobStore.class, "seal.lua");
    return answer(link.run(seal, List.of(counts))).toInteger() == 1;
  }

  private static Claim claim(String key) {
    return new Claim(new IdempotencyKey(key, "print"), 0);
  }

  private static JobExecution refused(String device, @Nullable Reason why) {
    return new JobExecution(device, ExecutionState.REFUSED, null, why);
  }
}
