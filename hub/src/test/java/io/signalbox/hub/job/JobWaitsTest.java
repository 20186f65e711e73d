package io.signalbox.hub.job;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.JobDevice.Behaviour;
import io.signalbox.hub.job.JobRequest.Targets;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobWaitsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @AutoClose private final JobFixture fixture;

  JobWaitsTest(@TempDir Path scratch) {
    fixture = new JobFixture(scratch);
  }

  @Test
  void a_wait_for_completion_returns_the_job_when_its_last_device_is_finished() {
    JobDevice mode = fixture.connect(fixture.fleet(1).getFirst(), Behaviour.ACCEPTS);
    Job job = fixture.submit(JobFixture.job(List.of("d0")));
    Future<Job> outcome = fixture.jobs().awaitCompletion(job.id(), MINUTE).outcome();
    fixture.stand(job, ExecutionState.ACCEPTED, 1);
    assertThat(outcome.isComplete()).isFalse();

    mode.says(Command.State.SUCCEEDED);

    assertThat(answer(outcome).isOver()).isTrue();
    assertThat(answer(fixture.jobs().awaitCompletion(job.id(), MINUTE).outcome()).isOver())
        .isTrue();
  }

  @Test
  void a_wait_for_a_change_returns_the_next_one_or_a_missed_one() {
    fixture.fleet(1);
    Job job = fixture.submit(JobFixture.job(List.of("d0")));
    Job queued = fixture.stand(job, ExecutionState.QUEUED, 1);
    Future<Job> next =
        fixture.jobs().awaitChange(job.id(), seen(queued.version()), MINUTE).outcome();
    assertThat(next.isComplete()).isFalse();

    answer(fixture.jobs().cancel(job.id(), "bob"));

    assertThat(answer(next).version()).isGreaterThan(queued.version());
    Future<Job> missed = fixture.jobs().awaitChange(job.id(), seen(1), MINUTE).outcome();
    assertThat(answer(missed).version()).isGreaterThan(1);
  }

  @Test
  void at_the_deadline_a_wait_returns_the_present_state() {
    fixture.fleet(1);
    Job job = fixture.submit(JobFixture.job(List.of("d0")));
    fixture.stand(job, ExecutionState.QUEUED, 1);
    Future<Job> outcome = fixture.jobs().awaitCompletion(job.id(), MINUTE).outcome();

    fixture.pass(MINUTE);

    assertThat(answer(outcome).isOver()).isFalse();
  }

  @Test
  void waits_beyond_the_limit_are_refused_and_cancelled_ones_free_their_place() {
    fixture.fleet(1);
    Job job = fixture.submit(JobFixture.job(List.of("d0")));
    List<HeldRequest<Job>> held =
        IntStream.range(0, JobFixture.SETTINGS.maxHeldRequests())
            .mapToObj(i -> fixture.jobs().awaitCompletion(job.id(), MINUTE))
            .toList();

    HeldRequest<Job> tooMany = fixture.jobs().awaitCompletion(job.id(), MINUTE);
    assertThat(refusal(tooMany.outcome()).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    held.forEach(HeldRequest::cancel);

    int left =
        answer(
            fixture.jobs().inside(engine -> Future.succeededFuture(engine.heldRequests().held())));
    assertThat(left).isZero();
    assertThat(refusal(held.getFirst().outcome()).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void waiting_for_an_unknown_job_is_refused() {
    HeldRequest<Job> wait = fixture.jobs().awaitCompletion("nothing", MINUTE);

    assertThat(refusal(wait.outcome()).kind()).isEqualTo(ErrorCode.UNKNOWN_JOB);
  }

  @Test
  void a_stopping_hub_cancels_held_requests() {
    fixture.fleet(1);
    Job job = fixture.submit(JobFixture.job(List.of("d0")));
    HeldRequest<Job> wait = fixture.jobs().awaitCompletion(job.id(), MINUTE);
    fixture.stand(job, ExecutionState.QUEUED, 1);

    fixture.restart();

    assertThat(refusal(wait.outcome()).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void a_held_request_is_answered_by_a_change_on_another_node() {
    JobService other = fixture.otherNode();
    JobDevice device = fixture.connect(fixture.fleet(1).getFirst(), Behaviour.ACCEPTS);
    Job job = fixture.submit(JobFixture.job(List.of("d0")));
    Future<Job> outcome = other.awaitCompletion(job.id(), MINUTE).outcome();
    fixture.stand(job, ExecutionState.ACCEPTED, 1);

    device.says(Command.State.SUCCEEDED);

    assertThat(answer(outcome).isOver()).isTrue();
  }

  @Test
  void concurrent_repetitions_on_both_nodes_get_one_job() {
    List<JobService> nodes = List.of(fixture.jobs(), fixture.otherNode());
    JobRequest repeated =
        new JobRequest(
            JobFixture.start("key-1"), new Targets.Devices(fixture.fleet(3)), null, null);
    List<Future<Job>> requests =
        IntStream.range(0, 10).mapToObj(i -> nodes.get(i % 2).submit(repeated, "ann")).toList();

    List<String> ids = requests.stream().map(request -> answer(request).id()).toList();

    assertThat(ids).containsOnly(ids.getFirst());
    assertThat(answer(fixture.jobs().list(Set.of(), null, 10)).items()).hasSize(1);
  }

  private static Predicate<Job> seen(long version) {
    return job -> job.version() <= version;
  }
}
