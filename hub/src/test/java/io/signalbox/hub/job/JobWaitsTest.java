package io.signalbox.hub.job;

import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.Hand.Manner;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.waiting.Wait;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobWaitsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @AutoClose private final Yard yard;

  JobWaitsTest(@TempDir Path scratch) {
    yard = new Yard(scratch);
  }

  @Test
  void whoever_waits_for_the_end_gets_the_job_when_its_last_device_is_done() {
    Hand hand = yard.connect(yard.fleet(1).getFirst(), Manner.ACCEPTS);
    Job job = yard.submit(Yard.job(List.of("d0")));
    Future<Job> outcome = yard.jobs().holdForEnd(job.id(), MINUTE).outcome();
    yard.stand(job, Standing.ACCEPTED, 1);
    assertThat(outcome.isComplete()).isFalse();

    hand.says(Command.State.SUCCEEDED);

    assertThat(answer(outcome).isOver()).isTrue();
    assertThat(answer(yard.jobs().holdForEnd(job.id(), MINUTE).outcome()).isOver()).isTrue();
  }

  @Test
  void whoever_waits_for_a_change_gets_the_next_one_or_what_was_missed() {
    yard.fleet(1);
    Job job = yard.submit(Yard.job(List.of("d0")));
    Job queued = yard.stand(job, Standing.QUEUED, 1);
    Future<Job> next = yard.jobs().holdForNews(job.id(), seen(queued.version()), MINUTE).outcome();
    assertThat(next.isComplete()).isFalse();

    answer(yard.jobs().cancel(job.id(), "bob"));

    assertThat(answer(next).version()).isGreaterThan(queued.version());
    Future<Job> missed = yard.jobs().holdForNews(job.id(), seen(1), MINUTE).outcome();
    assertThat(answer(missed).version()).isGreaterThan(1);
  }

  @Test
  void when_the_time_is_over_the_job_is_answered_as_it_stands() {
    yard.fleet(1);
    Job job = yard.submit(Yard.job(List.of("d0")));
    yard.stand(job, Standing.QUEUED, 1);
    Future<Job> outcome = yard.jobs().holdForEnd(job.id(), MINUTE).outcome();

    yard.pass(MINUTE);

    assertThat(answer(outcome).isOver()).isFalse();
  }

  @Test
  void more_waits_than_may_be_held_are_refused_and_those_given_up_make_room() {
    yard.fleet(1);
    Job job = yard.submit(Yard.job(List.of("d0")));
    List<Wait<Job>> held =
        IntStream.range(0, Yard.SETTINGS.waits())
            .mapToObj(i -> yard.jobs().holdForEnd(job.id(), MINUTE))
            .toList();

    Wait<Job> tooMany = yard.jobs().holdForEnd(job.id(), MINUTE);
    assertThat(refusal(tooMany.outcome()).kind()).isEqualTo(Kind.UNAVAILABLE);
    held.forEach(Wait::giveUp);

    int left = answer(yard.jobs().inside(room -> Future.succeededFuture(room.waits().held())));
    assertThat(left).isZero();
    assertThat(refusal(held.getFirst().outcome()).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void nobody_can_wait_for_a_job_that_is_not_there() {
    Wait<Job> wait = yard.jobs().holdForEnd("nothing", MINUTE);

    assertThat(refusal(wait.outcome()).kind()).isEqualTo(Kind.UNKNOWN_JOB);
  }

  @Test
  void a_hub_that_stops_lets_go_of_whoever_waits() {
    yard.fleet(1);
    Job job = yard.submit(Yard.job(List.of("d0")));
    Wait<Job> wait = yard.jobs().holdForEnd(job.id(), MINUTE);
    yard.stand(job, Standing.QUEUED, 1);

    yard.restart();

    assertThat(refusal(wait.outcome()).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  private static Predicate<Job> seen(long version) {
    return job -> job.version() <= version;
  }
}
