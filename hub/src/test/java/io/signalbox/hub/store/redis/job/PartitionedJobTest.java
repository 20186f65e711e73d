package io.signalbox.hub.store.redis.job;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.Results;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs with several parts: order and preconditions. */
class PartitionedJobTest extends PartitionedJobs {
  @Test
  void pages_have_the_order_of_the_devices_even_if_a_partition_has_most_of_them_first() {
    List<String> devices = new ArrayList<>(devices(400));
    devices.sort((a, b) -> keys.keys().partitionOf(a) - keys.keys().partitionOf(b));
    answer(jobs.keep(job("j", 400, 1_000), devices, null));

    for (int limit : new int[] {1, 7, 100, 399, 400, 1_000}) {
      assertThat(all("j", Set.of(), limit)).extracting(JobExecution::device).isEqualTo(devices);
    }
    answer(jobs.skip("j", 150));
    assertThat(all("j", Set.of(ExecutionState.SKIPPED), 40))
        .extracting(JobExecution::device)
        .isEqualTo(devices.subList(0, 150));
    assertThat(all("j", Set.of(ExecutionState.WAITING), 40))
        .extracting(JobExecution::device)
        .isEqualTo(devices.subList(150, 400));
  }

  @Test
  void a_halt_is_refused_if_the_job_has_changed() {
    answer(jobs.keep(job("j", 2, 1_000), List.of("a", "b"), null));
    Precondition first = Precondition.oneOf(Set.of(answer(jobs.get("j")).orElseThrow().version()));
    answer(other.skip("j", 1));

    assertThat(refusal(jobs.halt("j", Job.State.CANCELLED, "x", first)).kind())
        .isEqualTo(ErrorCode.PRECONDITION_FAILED);
    assertThat(answer(jobs.get("j")).orElseThrow().state()).isEqualTo(Job.State.RUNNING);
  }

  @Test
  void of_several_halts_one_succeeds() {
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), null));
    List<Future<Job>> halts =
        IntStream.range(0, 8)
            .mapToObj(i -> (i % 2 == 0 ? jobs : other).halt("j", state(i), "x", Precondition.NONE))
            .toList();

    assertThat(Results.refusals(halts)).hasSize(7).containsOnly(ErrorCode.JOB_FINISHED);
    assertThat(answer(jobs.list(Set.of(), null, 10)).total()).isEqualTo(1);
  }

  private static Job.State state(int i) {
    return i % 3 == 0 ? Job.State.ABORTED : Job.State.CANCELLED;
  }
}
