package io.signalbox.hub.store;

import static io.signalbox.hub.store.CommandAppends.appended;
import static io.signalbox.hub.store.CommandAppends.claim;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static io.signalbox.hub.store.Results.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobExecution.Reason;
import io.signalbox.hub.job.JobStore;
import io.signalbox.hub.job.JobStore.KeepResult;
import io.signalbox.hub.job.JobStore.KeepResult.AlreadyMade;
import io.signalbox.hub.job.JobStore.KeepResult.Created;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract of {@link JobStore}: lists, idempotency keys and retention. */
public abstract class JobListContract extends JobStoreFixture {
  @Test
  void a_large_job_is_stored_completely_and_its_pending_executions_are_ordered() {
    List<String> devices = IntStream.range(0, 7_001).mapToObj(i -> "d" + (7_001 - i)).toList();
    answer(jobs.keep(job("large", devices.size()), devices, null));

    assertThat(answer(jobs.get("large")).orElseThrow().counts().of(ExecutionState.WAITING))
        .isEqualTo(7_001);
    assertThat(all("large", Set.of(), 1_000)).extracting(JobExecution::device).isEqualTo(devices);
    appended(commands, made("large", devices.get(0)));
    assertThat(waiting("large", 2)).containsExactly(devices.get(1), devices.get(2));
  }

  @Test
  void an_idempotency_key_returns_the_newest_job_that_used_it() {
    answer(jobs.keep(job("j", 1), List.of("a"), claim("key", "one", 0)));
    assertThat(answer(jobs.original("key", 1_000))).hasValue(new FirstUse("j", "one"));
    assertThat(answer(jobs.original("key", 1_001))).isEmpty();
    assertThat(answer(jobs.original("other", 0))).isEmpty();

    answer(jobs.keep(job("k", 1), List.of("a"), claim("key", "two", 1_001)));
    assertThat(answer(jobs.original("key", 0))).hasValue(new FirstUse("k", "two"));
  }

  @Test
  void a_used_key_creates_nothing() {
    answer(jobs.keep(job("j", 1), List.of("a"), claim("key", "one", 0)));

    assertThat(answer(jobs.keep(job("k", 1), List.of("a"), claim("key", "two", 0))))
        .isEqualTo(new AlreadyMade(new FirstUse("j", "one")));

    assertThat(answer(jobs.get("k"))).isEmpty();
    assertThat(answer(jobs.keep(job("k", 1), List.of("a"), null))).isEqualTo(new Created());
  }

  /** Large ones are stored in parts, so several are under way at a time. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7_001})
  void of_concurrent_repetitions_on_both_instances_one_creates_the_job(int size) {
    List<String> devices = IntStream.rangeClosed(1, size).mapToObj(i -> "d" + i).toList();
    List<JobStore> stores = List.of(jobs, openSecond().jobs());
    List<Future<KeepResult>> retries =
        IntStream.range(0, 6)
            .mapToObj(
                i -> stores.get(i % 2).keep(job("j" + i, size), devices, claim("key", "p", 0)))
            .toList();

    List<KeepResult> results = retries.stream().map(Results::answer).toList();
    List<Job> kept = answer(jobs.list(Set.of(), null, 10)).items();
    assertThat(kept).hasSize(1);
    assertThat(results).filteredOn(Created.class::isInstance).hasSize(1);
    assertThat(results)
        .filteredOn(result -> !(result instanceof Created))
        .containsOnly(new AlreadyMade(new FirstUse(kept.getFirst().id(), "p")));
    assertThat(all(kept.getFirst().id(), Set.of(), 1_000)).hasSize(size);
    assertThat(answer(jobs.trim(Long.MAX_VALUE, 10))).as("parts of other jobs").isZero();
  }

  @Test
  void a_job_that_a_crash_has_cut_off_does_not_use_its_key() {
    List<String> devices = IntStream.rangeClosed(1, 7_001).mapToObj(i -> "d" + i).toList();
    Future<KeepResult> first = jobs.keep(job("j", 7_001), devices, claim("key", "p", 0));
    kill();
    openFirst();

    KeepResult again = answer(jobs.keep(job("k", 7_001), devices, claim("key", "p", 0)));

    // A crash leaves the first job completely or not at all.
    boolean complete = answer(jobs.get("j")).isPresent();
    assertThat(again).isEqualTo(complete ? new AlreadyMade(new FirstUse("j", "p")) : new Created());
    assertThat(answer(jobs.list(Set.of(), null, 10)).items()).hasSize(1);
    settled(first);
  }

  @Test
  void jobs_are_listed_newest_first_by_state_and_page_by_page() {
    for (int i = 0; i < 5; i++) {
      answer(jobs.keep(job("j" + i, 1), List.of("a"), null));
    }
    answer(jobs.halt("j1", Job.State.ABORTED, "x", Precondition.NONE));
    answer(jobs.halt("j3", Job.State.CANCELLED, "x", Precondition.NONE));

    Page<Job> first = answer(jobs.list(Set.of(), null, 3));
    Page<Job> second = answer(jobs.list(Set.of(), first.next(), 3));
    assertThat(first.items()).extracting(Job::id).containsExactly("j4", "j3", "j2");
    assertThat(second.items()).extracting(Job::id).containsExactly("j1", "j0");
    assertThat(second.next()).isNull();
    assertThat(second.total()).isEqualTo(5);
    Page<Job> halted = answer(jobs.list(Set.of(Job.State.ABORTED, Job.State.CANCELLED), null, 3));
    assertThat(halted.items()).extracting(Job::id).containsExactly("j3", "j1");
    assertThat(halted.total()).isEqualTo(2);
    assertThat(refusal(jobs.list(Set.of(), "no such place!", 3)).kind())
        .isEqualTo(ErrorCode.INVALID);
  }

  @Test
  void executions_are_paged_by_state_without_gap_or_repeat() {
    List<String> devices = IntStream.range(0, 20).mapToObj(i -> "d" + (20 - i)).toList();
    answer(jobs.keep(job("j", 20), devices, null));
    for (int i = 0; i < 20; i += 3) {
      appended(commands, made("j", devices.get(i)));
    }
    answer(
        jobs.refuse(
            "j", new JobExecution("d19", ExecutionState.REFUSED, null, new Reason("x", "y"))));

    Set<ExecutionState> two = Set.of(ExecutionState.QUEUED, ExecutionState.REFUSED);
    assertThat(all("j", two, 3))
        .extracting(JobExecution::device)
        .containsExactly("d20", "d19", "d17", "d14", "d11", "d8", "d5", "d2");
    assertThat(answer(jobs.executions("j", two, null, 3)).total()).isEqualTo(8);
    assertThat(all("j", Set.of(), 7)).extracting(JobExecution::device).isEqualTo(devices);
    assertThat(answer(jobs.executions("unknown", Set.of(), null, 3)).items()).isEmpty();
    assertThat(refusal(jobs.executions("j", two, "no such place!", 3)).kind())
        .isEqualTo(ErrorCode.INVALID);
  }

  @Test
  void old_finished_jobs_are_deleted_in_batches_and_their_commands_are_kept() {
    for (String id : List.of("old", "older", "running")) {
      answer(jobs.keep(job(id, 3), List.of("a", "b", "c"), null));
    }
    Command made = made("old", "a");
    appended(commands, made, after(made, Command.State.FAILED));
    answer(jobs.skip("older", 3));
    answer(jobs.end("older", 2_000));
    answer(jobs.skip("old", 3));
    answer(jobs.end("old", 3_000));

    assertThat(answer(jobs.trim(2_000, 10))).isZero();
    assertThat(answer(jobs.trim(2_001, 10))).isEqualTo(4);
    assertThat(answer(jobs.get("older"))).isEmpty();
    assertThat(answer(jobs.trim(9_000, 2))).isEqualTo(2);
    assertThat(answer(jobs.trim(9_000, 2))).isEqualTo(2);
    assertThat(answer(jobs.get("old"))).isEmpty();
    assertThat(answer(jobs.get("running"))).isPresent();
    assertThat(answer(commands.get(made.id()))).isPresent();
    appended(commands, made("old", "b"));
  }
}
