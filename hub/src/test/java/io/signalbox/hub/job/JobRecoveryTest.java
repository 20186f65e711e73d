package io.signalbox.hub.job;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.job.Hand.Manner;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Standing;
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
  @AutoClose private final Yard yard;

  JobRecoveryTest(@TempDir Path scratch) {
    yard = new Yard(scratch);
  }

  @Test
  void a_job_of_a_killed_hub_goes_on_and_nobody_gets_a_second_command() {
    List<String> fleet = yard.fleet(300);
    List<Hand> hands = new ArrayList<>(yard.connect(fleet, Manner.SUCCEEDS));
    Job job = yard.submit(Yard.job(fleet));
    for (int life = 1; life <= 3; life++) {
      int after = 60 * life;
      await().until(() -> yard.get(job).tally().of(Standing.WAITING) <= 300 - after);
      yard.kill();
      assertThat(yard.get(job).tally().sum()).isEqualTo(300);
      hands.addAll(yard.connect(fleet, Manner.SUCCEEDS));
    }

    assertThat(yard.ended(job).tally().of(Standing.SUCCEEDED)).isEqualTo(300);
    Map<String, String> commandOf = new HashMap<>();
    for (Hand hand : hands) {
      for (Command command : hand.delivered()) {
        commandOf.putIfAbsent(hand.device(), command.id());
        assertThat(commandOf).containsEntry(hand.device(), command.id());
      }
    }
    assertThat(commandOf).hasSize(300);
  }

  @Test
  void an_orderly_stop_leaves_nothing_half_done_and_the_start_goes_on() {
    List<String> fleet = yard.fleet(200);
    yard.connect(fleet, Manner.SUCCEEDS);
    Job job = yard.submit(Yard.job(fleet, 4, null));
    await().until(() -> yard.get(job).tally().of(Standing.SUCCEEDED) > 10);

    yard.restart();
    yard.connect(fleet, Manner.SUCCEEDS);

    assertThat(yard.ended(job).tally().of(Standing.SUCCEEDED)).isEqualTo(200);
    assertThat(yard.mostUnfinished()).isLessThanOrEqualTo(4);
  }

  @Test
  void a_job_that_was_being_halted_is_halted_to_the_end_after_a_kill() {
    List<String> fleet = yard.fleet(60);
    Job job = yard.submit(Yard.job(fleet, 20, null));
    yard.stand(job, Standing.QUEUED, 20);
    answer(yard.jobs().cancel(job.id(), "bob"));

    yard.kill();

    Job over = yard.ended(job);
    assertThat(over.state()).isEqualTo(Job.State.CANCELLED);
    assertThat(over.tally().of(Standing.CANCELLED)).isEqualTo(20);
    assertThat(over.tally().of(Standing.SKIPPED)).isEqualTo(40);
  }

  @Test
  void what_expired_while_the_hub_was_down_is_counted_when_it_is_back() {
    List<String> fleet = yard.fleet(20);
    Job job = yard.submit(Yard.job(fleet));
    yard.stand(job, Standing.QUEUED, 20);
    yard.pass(Duration.ofHours(2));

    yard.restart();

    assertThat(yard.ended(job).tally().of(Standing.EXPIRED)).isEqualTo(20);
  }
}
