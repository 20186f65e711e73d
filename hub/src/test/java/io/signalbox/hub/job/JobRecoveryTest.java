package io.signalbox.hub.job;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.job.JobDevice.Behaviour;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRecoveryTest {
  @AutoClose private final JobFixture fixture;

  JobRecoveryTest(@TempDir Path scratch) {
    fixture = new JobFixture(scratch);
  }

  @Test
  void a_job_continues_after_a_kill_without_duplicate_commands() {
    List<String> fleet = fixture.fleet(300);
    List<JobDevice> hands = new ArrayList<>(fixture.connect(fleet, Behaviour.SUCCEEDS));
    Job job = fixture.submit(JobFixture.job(fleet));
    for (int life = 1; life <= 3; life++) {
      int after = 60 * life;
      await().until(() -> fixture.get(job).counts().of(ExecutionState.WAITING) <= 300 - after);
      fixture.kill();
      assertThat(fixture.get(job).counts().sum()).isEqualTo(300);
      hands.addAll(fixture.connect(fleet, Behaviour.SUCCEEDS));
    }

    assertThat(fixture.ended(job).counts().of(ExecutionState.SUCCEEDED)).isEqualTo(300);
    Map<String, String> commandOf = new HashMap<>();
    for (JobDevice mode : hands) {
      for (Command command : mode.delivered()) {
        commandOf.putIfAbsent(mode.device(), command.id());
        assertThat(commandOf).containsEntry(mode.device(), command.id());
      }
    }
    assertThat(commandOf).hasSize(300);
  }

  @Test
  void after_an_orderly_stop_the_job_continues_at_the_next_start() {
    List<String> fleet = fixture.fleet(200);
    fixture.connect(fleet, Behaviour.SUCCEEDS);
    Job job = fixture.submit(JobFixture.job(fleet, 4, null));
    await().until(() -> fixture.get(job).counts().of(ExecutionState.SUCCEEDED) > 10);

    fixture.restart();
    fixture.connect(fleet, Behaviour.SUCCEEDS);

    assertThat(fixture.ended(job).counts().of(ExecutionState.SUCCEEDED)).isEqualTo(200);
    assertThat(fixture.mostUnfinished()).isLessThanOrEqualTo(4);
  }

  @Test
  void a_job_halted_before_a_kill_completes_its_halt_after_the_restart() {
    List<String> fleet = fixture.fleet(60);
    Job job = fixture.submit(JobFixture.job(fleet, 20, null));
    fixture.stand(job, ExecutionState.QUEUED, 20);
    answer(fixture.jobs().cancel(job.id(), "bob"));

    fixture.kill();

    Job over = fixture.ended(job);
    assertThat(over.state()).isEqualTo(Job.State.CANCELLED);
    assertThat(over.counts().of(ExecutionState.CANCELLED)).isEqualTo(20);
    assertThat(over.counts().of(ExecutionState.SKIPPED)).isEqualTo(40);
  }

  @Test
  void commands_that_expired_while_the_hub_was_down_are_counted_after_the_restart() {
    List<String> fleet = fixture.fleet(20);
    Job job = fixture.submit(JobFixture.job(fleet));
    fixture.stand(job, ExecutionState.QUEUED, 20);
    fixture.pass(Duration.ofHours(2));

    fixture.restart();

    assertThat(fixture.ended(job).counts().of(ExecutionState.EXPIRED)).isEqualTo(20);
  }
}
