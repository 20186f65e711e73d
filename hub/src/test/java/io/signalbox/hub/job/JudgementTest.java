package io.signalbox.hub.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Order;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Job.State;
import io.signalbox.hub.model.Job.Stop;
import io.signalbox.hub.model.Job.Tally;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final int MOST = 64;
  private static final Stop TENTH = new Stop(0.1, 10);

  @Test
  void whoever_waits_is_sent_to_as_far_as_the_hands_reach() {
    assertThat(of(running("waiting 100"), 0)).isEqualTo(new Judgement.Send(64));
    assertThat(of(running("waiting 100"), 32)).isEqualTo(new Judgement.Send(32));
    assertThat(of(running("waiting 100"), 33)).isInstanceOf(Judgement.Await.class);
    assertThat(of(running("waiting 100 queued 900"), 0)).isEqualTo(new Judgement.Send(64));
  }

  @Test
  void what_is_in_hand_counts_as_unfinished_beside_what_the_tally_says() {
    assertThat(of(running(10, null, "waiting 100"), 0)).isEqualTo(new Judgement.Send(10));
    assertThat(of(running(10, null, "waiting 100 sent 4"), 3)).isEqualTo(new Judgement.Send(3));
    assertThat(of(running(10, null, "waiting 100 sent 4 queued 6"), 0))
        .isInstanceOf(Judgement.Await.class);
    assertThat(of(running(10, null, "waiting 100 accepted 8"), 3))
        .isInstanceOf(Judgement.Await.class);
  }

  @Test
  void a_job_without_anything_waiting_unfinished_or_in_hand_is_at_its_end() {
    assertThat(of(running("succeeded 9 refused 1"), 0)).isInstanceOf(Judgement.End.class);
    assertThat(of(running("succeeded 9 refused 1"), 1)).isInstanceOf(Judgement.Await.class);
    assertThat(of(running("succeeded 9 accepted 1"), 0)).isInstanceOf(Judgement.Await.class);
  }

  @Test
  void a_job_gives_up_at_the_share_of_failures_but_not_before_enough_have_ended() {
    assertThat(of(running(null, TENTH, "waiting 90 succeeded 8 failed 1"), 0))
        .isInstanceOf(Judgement.Send.class);
    assertThat(of(running(null, TENTH, "waiting 90 succeeded 9 failed 1"), 0))
        .isEqualTo(
            new Judgement.GiveUp(
                "1 of the 10 devices that have ended have failed; the limit is a share of 0.1"));
    assertThat(of(running(null, TENTH, "waiting 90 succeeded 10 failed 1"), 0))
        .isInstanceOf(Judgement.Send.class);
  }

  @Test
  void refused_rejected_and_expired_are_failures_and_cancelled_and_superseded_are_not() {
    Stop all = new Stop(1, 3);
    assertThat(of(running(null, all, "waiting 9 refused 1 rejected 1 expired 1"), 0))
        .isInstanceOf(Judgement.GiveUp.class);
    assertThat(of(running(null, all, "waiting 9 refused 1 rejected 1 cancelled 1"), 0))
        .isInstanceOf(Judgement.Send.class);
    assertThat(of(running(null, all, "waiting 9 refused 1 rejected 1 superseded 1"), 0))
        .isInstanceOf(Judgement.Send.class);
  }

  @Test
  void when_nothing_is_left_to_stop_the_job_is_done() {
    assertThat(of(running(null, TENTH, "failed 10"), 0)).isInstanceOf(Judgement.End.class);
  }

  @Test
  void a_halted_job_lets_hands_sink_then_skips_then_revokes_then_awaits_then_ends() {
    for (State state : new State[] {State.STOPPED, State.CANCELLED}) {
      assertThat(of(halted(state, "waiting 3 queued 2 sent 1"), 1))
          .isInstanceOf(Judgement.Await.class);
      assertThat(of(halted(state, "waiting 3 queued 2 sent 1"), 0))
          .isInstanceOf(Judgement.Skip.class);
      assertThat(of(halted(state, "skipped 3 queued 2 sent 1"), 0))
          .isInstanceOf(Judgement.Revoke.class);
      assertThat(of(halted(state, "skipped 3 cancelled 2 sent 1"), 0))
          .isInstanceOf(Judgement.Await.class);
      assertThat(of(halted(state, "skipped 3 cancelled 2 failed 1"), 0))
          .isInstanceOf(Judgement.End.class);
    }
    assertThat(of(halted(State.CANCELLED, "queued 1"), 0))
        .isEqualTo(new Judgement.Revoke("job j was cancelled: a reason"));
  }

  @Test
  void what_is_over_is_over() {
    Job over = job(State.DONE, 5_000L, null, null, "succeeded 1");
    assertThat(of(over, 0)).isInstanceOf(Judgement.Over.class);
  }

  private static Judgement of(Job job, int inHand) {
    return Judgement.of(job, inHand, MOST);
  }

  private static Job running(String tally) {
    return running(null, null, tally);
  }

  private static Job running(@Nullable Integer atOnce, @Nullable Stop stop, String tally) {
    return job(State.RUNNING, null, atOnce, stop, tally);
  }

  private static Job halted(State state, String tally) {
    return job(state, null, 1, TENTH, tally);
  }

  private static Job job(
      State state,
      @Nullable Long ended,
      @Nullable Integer atOnce,
      @Nullable Stop stop,
      String counts) {
    Order order = new Order("x", "{}", Duration.ofMinutes(1), null, null, null, null, atOnce, stop);
    Tally tally = tally(counts);
    return new Job("j", order, 0, "ann", state, ended, "a reason", tally.sum(), tally, 1);
  }

  private static Tally tally(String counts) {
    Map<Standing, Integer> map = new EnumMap<>(Standing.class);
    String[] words = counts.split(" ", -1);
    for (int i = 0; i < words.length; i += 2) {
      map.put(Standing.valueOf(words[i].toUpperCase(Locale.ROOT)), Integer.valueOf(words[i + 1]));
    }
    return new Tally(map);
  }
}
