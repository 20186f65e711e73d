package io.signalbox.hub.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Job.State;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobDecisionTest {
  private static final int MOST = 64;
  private static final FailureThreshold TENTH = new FailureThreshold(0.1, 10);

  @Test
  void pending_executions_are_dispatched_up_to_the_limit() {
    assertThat(of(running("waiting 100"), 0)).isEqualTo(new JobDecision.Send(64));
    assertThat(of(running("waiting 100"), 32)).isEqualTo(new JobDecision.Send(32));
    assertThat(of(running("waiting 100"), 33)).isInstanceOf(JobDecision.Await.class);
    assertThat(of(running("waiting 100 queued 900"), 0)).isEqualTo(new JobDecision.Send(64));
  }

  @Test
  void in_flight_commands_count_as_unfinished() {
    assertThat(of(running(10, null, "waiting 100"), 0)).isEqualTo(new JobDecision.Send(10));
    assertThat(of(running(10, null, "waiting 100 sent 4"), 3)).isEqualTo(new JobDecision.Send(3));
    assertThat(of(running(10, null, "waiting 100 sent 4 queued 6"), 0))
        .isInstanceOf(JobDecision.Await.class);
    assertThat(of(running(10, null, "waiting 100 accepted 8"), 3))
        .isInstanceOf(JobDecision.Await.class);
  }

  @Test
  void a_job_with_nothing_pending_unfinished_or_in_flight_ends() {
    assertThat(of(running("succeeded 9 refused 1"), 0)).isInstanceOf(JobDecision.End.class);
    assertThat(of(running("succeeded 9 refused 1"), 1)).isInstanceOf(JobDecision.Await.class);
    assertThat(of(running("succeeded 9 accepted 1"), 0)).isInstanceOf(JobDecision.Await.class);
  }

  @Test
  void a_job_aborts_at_the_failure_rate_but_not_before_min_finished() {
    assertThat(of(running(null, TENTH, "waiting 90 succeeded 8 failed 1"), 0))
        .isInstanceOf(JobDecision.Send.class);
    assertThat(of(running(null, TENTH, "waiting 90 succeeded 9 failed 1"), 0))
        .isEqualTo(
            new JobDecision.GiveUp("1 of 10 finished devices failed; abort.failureRate is 0.1"));
    assertThat(of(running(null, TENTH, "waiting 90 succeeded 10 failed 1"), 0))
        .isInstanceOf(JobDecision.Send.class);
  }

  @Test
  void refused_rejected_and_expired_are_failures_and_cancelled_and_superseded_are_not() {
    FailureThreshold all = new FailureThreshold(1, 3);
    assertThat(of(running(null, all, "waiting 9 refused 1 rejected 1 expired 1"), 0))
        .isInstanceOf(JobDecision.GiveUp.class);
    assertThat(of(running(null, all, "waiting 9 refused 1 rejected 1 cancelled 1"), 0))
        .isInstanceOf(JobDecision.Send.class);
    assertThat(of(running(null, all, "waiting 9 refused 1 rejected 1 superseded 1"), 0))
        .isInstanceOf(JobDecision.Send.class);
  }

  @Test
  void a_job_with_all_devices_finished_is_done() {
    assertThat(of(running(null, TENTH, "failed 10"), 0)).isInstanceOf(JobDecision.End.class);
  }

  @Test
  void a_halted_job_drains_skips_revokes_awaits_and_ends() {
    for (State state : new State[] {State.ABORTED, State.CANCELLED}) {
      assertThat(of(halted(state, "waiting 3 queued 2 sent 1"), 1))
          .isInstanceOf(JobDecision.Await.class);
      assertThat(of(halted(state, "waiting 3 queued 2 sent 1"), 0))
          .isInstanceOf(JobDecision.Skip.class);
      assertThat(of(halted(state, "skipped 3 queued 2 sent 1"), 0))
          .isInstanceOf(JobDecision.Revoke.class);
      assertThat(of(halted(state, "skipped 3 cancelled 2 sent 1"), 0))
          .isInstanceOf(JobDecision.Await.class);
      assertThat(of(halted(state, "skipped 3 cancelled 2 failed 1"), 0))
          .isInstanceOf(JobDecision.End.class);
    }
    assertThat(of(halted(State.CANCELLED, "queued 1"), 0))
        .isEqualTo(new JobDecision.Revoke("job j was cancelled: a reason"));
  }

  @Test
  void final_states_are_final() {
    Job over = job(State.DONE, 5_000L, null, null, "succeeded 1");
    assertThat(of(over, 0)).isInstanceOf(JobDecision.Over.class);
  }

  private static JobDecision of(Job job, int inFlight) {
    return JobDecision.of(job, inFlight, MOST);
  }

  private static Job running(String jobCounts) {
    return running(null, null, jobCounts);
  }

  private static Job running(
      @Nullable Integer maxConcurrent, @Nullable FailureThreshold abort, String jobCounts) {
    return job(State.RUNNING, null, maxConcurrent, abort, jobCounts);
  }

  private static Job halted(State state, String jobCounts) {
    return job(state, null, 1, TENTH, jobCounts);
  }

  private static Job job(
      State state,
      @Nullable Long ended,
      @Nullable Integer maxConcurrent,
      @Nullable FailureThreshold abort,
      String counts) {
    JobSpec order =
        new JobSpec("x", "{}", Duration.ofMinutes(1), null, null, null, null, maxConcurrent, abort);
    Counts jobCounts = countsOf(counts);
    return new Job("j", order, 0, "ann", state, ended, "a reason", jobCounts.sum(), jobCounts, 1);
  }

  private static Counts countsOf(String counts) {
    Map<ExecutionState, Integer> map = new EnumMap<>(ExecutionState.class);
    String[] words = counts.split(" ", -1);
    for (int i = 0; i < words.length; i += 2) {
      map.put(
          ExecutionState.valueOf(words[i].toUpperCase(Locale.ROOT)), Integer.valueOf(words[i + 1]));
    }
    return new Counts(map);
  }
}
