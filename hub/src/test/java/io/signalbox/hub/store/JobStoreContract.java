package io.signalbox.hub.store;

import static io.signalbox.hub.store.CommandAppends.append;
import static io.signalbox.hub.store.CommandAppends.appended;
import static io.signalbox.hub.store.CommandAppends.claim;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobExecution.Reason;
import io.signalbox.hub.job.JobStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@link JobStore} with their {@link CommandStore}. */
public abstract class JobStoreContract extends JobStoreFixture {
  @Test
  void a_stored_job_is_read_back_with_all_executions_pending() {
    Job full =
        job(
            "full",
            new JobSpec(
                "start",
                "{\"speed\":1.10}",
                Duration.ofMinutes(1),
                2_000L,
                "speed",
                "{\"ticket\":\"é\"}",
                new Selector("pump", Map.of("site", "ghent")),
                10,
                new FailureThreshold(0.1, 5)),
            2);
    answer(jobs.keep(full, List.of("a", "b"), null));
    answer(jobs.keep(job("plain", 1), List.of("a"), null));

    assertThat(answer(jobs.get("full"))).hasValueSatisfying(kept -> isLike(kept, full));
    assertThat(answer(jobs.get("plain"))).hasValueSatisfying(kept -> isLike(kept, job("plain", 1)));
    assertThat(answer(jobs.get("unknown"))).isEmpty();
    assertThat(answer(jobs.unfinished())).containsExactly("full", "plain");
    assertThat(executions("full"))
        .containsExactly(
            new JobExecution("a", ExecutionState.WAITING, null, null),
            new JobExecution("b", ExecutionState.WAITING, null, null));
  }

  @Test
  void an_execution_state_follows_its_command_in_the_same_transaction() {
    answer(jobs.keep(job("j", 3), List.of("c", "a", "b"), null));
    Command made = made("j", "a");
    appended(commands, made);

    counts("j", Map.of(ExecutionState.WAITING, 2, ExecutionState.QUEUED, 1));
    appended(commands, after(made, Command.State.SENT));
    counts("j", Map.of(ExecutionState.WAITING, 2, ExecutionState.SENT, 1));
    Command other = made("j", "b");
    appended(commands, other, after(other, Command.State.SENT));
    counts("j", Map.of(ExecutionState.WAITING, 1, ExecutionState.SENT, 2));

    assertThat(executions("j"))
        .containsExactly(
            new JobExecution("c", ExecutionState.WAITING, null, null),
            new JobExecution("a", ExecutionState.SENT, "j-a", null),
            new JobExecution("b", ExecutionState.SENT, "j-b", null));
  }

  @Test
  void a_pending_execution_of_a_deleted_device_is_refused_even_if_its_id_is_reregistered() {
    answer(jobs.keep(job("j", 3), List.of("a", "b", "c"), null));
    appended(commands, made("j", "a"));

    answer(devices.delete("a", () -> {}));
    answer(devices.delete("b", () -> {}));
    answer(devices.deletionOver("b"));
    answer(devices.insert(List.of(FleetStores.entry("b")), ignored -> {}));

    counts(
        "j",
        Map.of(ExecutionState.WAITING, 1, ExecutionState.QUEUED, 1, ExecutionState.REFUSED, 1));
    assertThat(waiting("j", 10)).containsExactly("c");
    assertThat(executions("j").get(1))
        .isEqualTo(
            new JobExecution(
                "b",
                ExecutionState.REFUSED,
                null,
                new Reason(ErrorCode.UNKNOWN_DEVICE.code(), "there is no device b")));
  }

  @Test
  void a_deletion_changes_all_unfinished_jobs_in_which_the_device_waits_and_no_other() {
    for (String id : List.of("j", "k", "halted", "over", "other")) {
      answer(jobs.keep(job(id, 1), List.of(id.equals("other") ? "b" : "a"), null));
    }
    answer(jobs.halt("halted", Job.State.CANCELLED, "x", Precondition.NONE));
    answer(jobs.skip("over", 10));
    answer(jobs.end("over", 2_000));
    List<Job> before = all();

    answer(devices.delete("a", () -> {}));

    for (String id : List.of("j", "k", "halted")) {
      counts(id, Map.of(ExecutionState.REFUSED, 1));
    }
    counts("over", Map.of(ExecutionState.SKIPPED, 1));
    counts("other", Map.of(ExecutionState.WAITING, 1));
    assertThat(before)
        .extracting(Job::id)
        .filteredOn(id -> version(id) > version(before, id))
        .containsExactlyInAnyOrder("j", "k", "halted");
  }

  @Test
  void what_is_left_of_a_deleted_devices_commands_still_counts() {
    answer(jobs.keep(job("j", 1), List.of("a"), null));
    Command made = made("j", "a");
    appended(commands, made);
    answer(devices.delete("a", () -> {}));
    counts("j", Map.of(ExecutionState.QUEUED, 1));

    appended(commands, after(made, Command.State.CANCELLED));

    counts("j", Map.of(ExecutionState.CANCELLED, 1));
  }

  @Test
  void a_command_moves_its_execution_whatever_state_that_has() {
    answer(jobs.keep(job("j", 2), List.of("a", "b"), null));
    answer(jobs.skip("j", 2));

    appended(commands, made("j", "a"));

    counts("j", Map.of(ExecutionState.QUEUED, 1, ExecutionState.SKIPPED, 1));
    assertThat(executions("j").getFirst())
        .isEqualTo(new JobExecution("a", ExecutionState.QUEUED, "j-a", null));
  }

  @Test
  void the_version_grows_with_each_change_of_an_execution_and_not_without_one() {
    answer(jobs.keep(job("j", 4), List.of("a", "b", "c", "d"), null));
    long first = version("j");
    answer(jobs.skip("j", 1));
    long skipped = version("j");
    JobExecution refused =
        new JobExecution("b", ExecutionState.REFUSED, null, new Reason("x", "y"));
    answer(jobs.refuse("j", refused));
    long second = version("j");
    answer(devices.delete("c", () -> {}));
    long deleted = version("j");

    assertThat(List.of(first, skipped, second, deleted)).isSorted().doesNotHaveDuplicates();
    answer(jobs.refuse("j", refused));
    answer(jobs.skip("j", 0));
    answer(devices.delete("a", () -> {}));
    assertThat(version("j")).isEqualTo(deleted);
  }

  @Test
  void the_counts_equal_the_executions_after_concurrent_changes_on_both_instances() {
    Stores second = openSecond();
    List<String> ids = IntStream.rangeClosed(1, 20).mapToObj(i -> "d" + i).toList();
    answer(jobs.keep(job("j", 20), ids, null));
    List<Future<?>> changes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String device = ids.get(i);
      Stores stores = i % 2 == 0 ? second : new Stores(jobs, commands, devices);
      JobExecution refused =
          new JobExecution(device, ExecutionState.REFUSED, null, new Reason("x", "y"));
      switch (i % 5) {
        case 0 -> changes.add(stores.devices().delete(device, () -> {}));
        case 1 -> changes.add(stores.jobs().refuse("j", refused));
        case 2 -> changes.add(stores.jobs().skip("j", 1));
        default -> changes.add(append(stores.commands(), null, made("j", device)));
      }
      if (i % 5 == 3) {
        changes.add(stores.jobs().refuse("j", refused));
      }
    }
    changes.forEach(Results::answer);

    Job kept = answer(second.jobs().get("j")).orElseThrow();
    List<JobExecution> executions = executions("j");
    for (ExecutionState state : ExecutionState.values()) {
      assertThat(executions)
          .filteredOn(execution -> execution.standing() == state)
          .as(state.name())
          .hasSize(kept.counts().of(state));
    }
    assertThat(kept.counts().sum()).isEqualTo(20);
    assertThat(kept.counts().of(ExecutionState.QUEUED)).isEqualTo(8);
  }

  private long version(String job) {
    return answer(jobs.get(job)).orElseThrow().version();
  }

  private static long version(List<Job> jobs, String id) {
    return jobs.stream().filter(job -> job.id().equals(id)).findFirst().orElseThrow().version();
  }

  private List<Job> all() {
    return answer(jobs.list(Set.of(), null, 100)).items();
  }

  @Test
  void every_command_state_has_a_count_and_every_step_increments_the_version() {
    Command.State[] states = Command.State.values();
    List<String> devices = Stream.of(states).map(Enum::name).toList();
    answer(jobs.keep(job("j", devices.size()), devices, null));
    long version = answer(jobs.get("j")).orElseThrow().version();
    for (Command.State state : states) {
      Command made = made("j", state.name());
      appended(commands, made);
      long made1 = answer(jobs.get("j")).orElseThrow().version();
      assertThat(made1).isGreaterThan(version);
      version = made1;
      if (state != Command.State.QUEUED) {
        appended(commands, after(made, state));
        assertThat(answer(jobs.get("j")).orElseThrow().version()).isGreaterThan(version);
      }
    }

    Counts counts = answer(jobs.get("j")).orElseThrow().counts();
    for (Command.State state : states) {
      assertThat(counts.of(ExecutionState.valueOf(state.name()))).as(state.name()).isEqualTo(1);
    }
    assertThat(counts.sum()).isEqualTo(states.length);
  }

  @Test
  void a_refused_step_does_not_change_the_counts() {
    answer(jobs.keep(job("j", 2), List.of("a", "b"), null));
    answer(jobs.keep(job("k", 1), List.of("a"), null));
    Command made = made("j", "a");
    appended(commands, made);

    assertThat(refusal(append(commands, null, made("k", "a"), made)).kind())
        .isEqualTo(ErrorCode.CONFLICT);

    counts("j", Map.of(ExecutionState.WAITING, 1, ExecutionState.QUEUED, 1));
    counts("k", Map.of(ExecutionState.WAITING, 1));
  }

  @Test
  void commands_of_other_jobs_and_of_none_do_not_count() {
    answer(jobs.keep(job("j", 1), List.of("a"), null));
    answer(jobs.keep(job("k", 1), List.of("a"), null));

    appended(commands, made("k", "a"));

    counts("j", Map.of(ExecutionState.WAITING, 1));
    counts("k", Map.of(ExecutionState.QUEUED, 1));
  }

  @Test
  void jobs_and_their_counts_survive_a_crash() {
    answer(jobs.keep(job("j", 2), List.of("a", "b"), claim("key", "print", 0)));
    Command made = made("j", "a");
    appended(commands, made);

    kill();
    openFirst();

    counts("j", Map.of(ExecutionState.WAITING, 1, ExecutionState.QUEUED, 1));
    appended(commands, after(made, Command.State.EXPIRED));
    counts("j", Map.of(ExecutionState.WAITING, 1, ExecutionState.EXPIRED, 1));
    assertThat(answer(jobs.original("key", 0))).hasValue(new FirstUse("j", "print"));
  }

  @Test
  void pending_executions_can_be_refused_and_others_are_unchanged() {
    answer(jobs.keep(job("j", 2), List.of("a", "b"), null));
    appended(commands, made("j", "a"));
    Reason reason = new Reason("unknown-device", "there is no device b");

    answer(jobs.refuse("j", new JobExecution("a", ExecutionState.REFUSED, null, reason)));
    answer(jobs.refuse("j", new JobExecution("b", ExecutionState.REFUSED, null, reason)));
    answer(jobs.refuse("j", new JobExecution("b", ExecutionState.REFUSED, null, reason)));

    counts("j", Map.of(ExecutionState.QUEUED, 1, ExecutionState.REFUSED, 1));
    assertThat(executions("j"))
        .containsExactly(
            new JobExecution("a", ExecutionState.QUEUED, "j-a", null),
            new JobExecution("b", ExecutionState.REFUSED, null, reason));
  }

  @Test
  void pending_executions_are_skipped_in_batches() {
    answer(jobs.keep(job("j", 4), List.of("a", "b", "c", "d"), null));
    appended(commands, made("j", "b"));

    assertThat(answer(jobs.skip("j", 2))).isEqualTo(2);
    counts(
        "j",
        Map.of(ExecutionState.WAITING, 1, ExecutionState.QUEUED, 1, ExecutionState.SKIPPED, 2));
    assertThat(answer(jobs.skip("j", 2))).isEqualTo(1);
    assertThat(answer(jobs.skip("j", 2))).isZero();
  }

  @Test
  void a_running_job_can_be_halted_once() {
    answer(jobs.keep(job("j", 1), List.of("a"), null));

    Job halted = answer(jobs.halt("j", Job.State.ABORTED, "too many", Precondition.NONE));

    assertThat(halted.state()).isEqualTo(Job.State.ABORTED);
    assertThat(halted.reason()).isEqualTo("too many");
    assertThat(halted.version()).isGreaterThan(1);
    assertThat(refusal(jobs.halt("j", Job.State.CANCELLED, "x", Precondition.NONE)).kind())
        .isEqualTo(ErrorCode.JOB_FINISHED);
    assertThat(refusal(jobs.halt("k", Job.State.CANCELLED, "x", Precondition.NONE)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_JOB);
  }

  @Test
  void a_job_ends_when_no_execution_is_pending_or_unfinished() {
    answer(jobs.keep(job("j", 2), List.of("a", "b"), null));
    answer(jobs.end("j", 5_000));
    assertThat(answer(jobs.get("j")).orElseThrow().isOver()).isFalse();
    Command made = made("j", "a");
    appended(commands, made);
    answer(jobs.skip("j", 10));
    answer(jobs.end("j", 5_000));
    assertThat(answer(jobs.get("j")).orElseThrow().isOver()).isFalse();

    appended(commands, after(made, Command.State.FAILED));
    answer(jobs.end("j", 6_000));
    answer(jobs.end("j", 7_000));

    Job over = answer(jobs.get("j")).orElseThrow();
    assertThat(over.ended()).isEqualTo(6_000);
    assertThat(over.state()).isEqualTo(Job.State.DONE);
    assertThat(answer(jobs.unfinished())).isEmpty();
  }

  @Test
  void a_stopped_job_stays_stopped_when_it_ends() {
    answer(jobs.keep(job("j", 1), List.of("a"), null));
    answer(jobs.halt("j", Job.State.ABORTED, "too many", Precondition.NONE));
    assertThat(answer(jobs.unfinished())).containsExactly("j");
    answer(jobs.skip("j", 10));
    answer(jobs.end("j", 5_000));

    Job over = answer(jobs.get("j")).orElseThrow();
    assertThat(over.state()).isEqualTo(Job.State.ABORTED);
    assertThat(over.isOver()).isTrue();
  }
}
