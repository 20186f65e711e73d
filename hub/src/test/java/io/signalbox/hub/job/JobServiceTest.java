package io.signalbox.hub.job;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.job.JobDevice.Behaviour;
import io.signalbox.hub.job.JobRequest.Targets;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobServiceTest {
  @AutoClose private final JobFixture fixture;

  JobServiceTest(@TempDir Path scratch) {
    fixture = new JobFixture(scratch);
  }

  @Test
  void a_job_reaches_every_device_and_ends_when_the_last_of_them_has() {
    List<String> fleet = fixture.fleet(50);
    List<JobDevice> quick = fixture.connect(fleet.subList(0, 49), Behaviour.SUCCEEDS);
    JobDevice slow = fixture.connect("d49", Behaviour.ACCEPTS);

    Job made = fixture.submit(JobFixture.job(fleet));
    assertThat(made.state()).isEqualTo(Job.State.RUNNING);
    assertThat(made.counts().of(ExecutionState.WAITING)).isEqualTo(50);
    Job nearly = fixture.stand(made, ExecutionState.SUCCEEDED, 49);
    assertThat(nearly.isOver()).isFalse();
    fixture.stand(made, ExecutionState.ACCEPTED, 1);
    slow.says(Command.State.SUCCEEDED);

    Job done = fixture.ended(made);
    assertThat(done.state()).isEqualTo(Job.State.DONE);
    assertThat(done.counts().of(ExecutionState.SUCCEEDED)).isEqualTo(50);
    assertThat(quick).allSatisfy(mode -> assertThat(mode.delivered()).hasSize(1));
    Command command = quick.getFirst().delivered().getFirst();
    assertThat(command.job()).isEqualTo(made.id());
    assertThat(command.timeline().getFirst().by()).isEqualTo("ann");
    assertThat(fixture.executions(made))
        .contains(new JobExecution("d0", ExecutionState.SUCCEEDED, command.id(), null));
  }

  @Test
  void unregistered_devices_are_refused_without_delaying_others() {
    fixture.fleet(2);
    fixture.connect("d1", Behaviour.SUCCEEDS);
    fixture.connect("d0", Behaviour.SUCCEEDS);

    Job job =
        fixture.ended(
            fixture.submit(JobFixture.job(List.of("nobody", "d0", "neither", "d1", "d0"))));

    assertThat(job.total()).isEqualTo(4);
    assertThat(job.counts().of(ExecutionState.REFUSED)).isEqualTo(2);
    assertThat(job.counts().of(ExecutionState.SUCCEEDED)).isEqualTo(2);
    JobExecution refused = fixture.executions(job).getFirst();
    assertThat(refused.device()).isEqualTo("nobody");
    assertThat(refused.refusal())
        .isEqualTo(new JobExecution.Reason("unknown-device", "there is no device nobody"));
  }

  @Test
  void a_device_whose_queue_is_full_is_refused_with_the_reason() {
    List<String> fleet = fixture.fleet(2);
    answer(fixture.commands().submit("d0", JobFixture.start(null), "bob"));
    answer(fixture.commands().submit("d0", JobFixture.start(null), "bob"));
    fixture.connect("d1", Behaviour.SUCCEEDS);

    Job job = fixture.ended(fixture.submit(JobFixture.job(fleet)));

    assertThat(fixture.executions(job, ExecutionState.REFUSED).getFirst().refusal())
        .extracting(JobExecution.Reason::code)
        .isEqualTo("queue-full");
    assertThat(job.counts().of(ExecutionState.SUCCEEDED)).isEqualTo(1);
  }

  @Test
  void a_selector_matches_the_devices_at_the_time_of_creation() {
    fixture.register("a", Map.of("site", "ghent"));
    fixture.register("b", Map.of("site", "aalst"));
    fixture.register("c", Map.of("site", "ghent"));

    Job job = fixture.submit(found(null, Map.of("site", "ghent")));
    fixture.register("d", Map.of("site", "ghent"));

    assertThat(job.total()).isEqualTo(2);
    assertThat(fixture.executions(job)).extracting(JobExecution::device).containsExactly("a", "c");
    assertThat(fixture.submit(found("pump", Map.of())).total()).isEqualTo(4);
    assertThat(refusal(fixture.jobs().submit(found("fan", Map.of()), "ann")).field())
        .isEqualTo("type");
    Refusal none = refusal(fixture.jobs().submit(found(null, Map.of("site", "paris")), "ann"));
    assertThat(none.kind()).isEqualTo(ErrorCode.INVALID);
    assertThat(none.field()).isEqualTo("labels");
  }

  private static JobRequest found(@Nullable String type, Map<String, String> labels) {
    return new JobRequest(
        JobFixture.start(null), new Targets.Selected(new Selector(type, labels)), null, null);
  }

  @Test
  void a_repeated_request_returns_the_job_of_the_first() {
    List<String> fleet = fixture.fleet(3);
    JobRequest request =
        new JobRequest(JobFixture.start("key-1"), new Targets.Devices(fleet), null, null);
    List<Future<Job>> both =
        List.of(fixture.jobs().submit(request, "ann"), fixture.jobs().submit(request, "ann"));

    String first = answer(both.get(0)).id();
    assertThat(answer(both.get(1)).id()).isEqualTo(first);
    fixture.restart();
    assertThat(fixture.submit(request).id()).isEqualTo(first);
    JobRequest other =
        new JobRequest(
            JobFixture.start("key-1"), new Targets.Devices(fleet.subList(0, 2)), null, null);
    Refusal refused = refusal(fixture.jobs().submit(other, "ann"));
    assertThat(refused.kind()).isEqualTo(ErrorCode.CONFLICT);
    assertThat(refused.field()).isEqualTo("Idempotency-Key");
    fixture.pass(Duration.ofHours(25));
    assertThat(fixture.submit(other).id()).isNotEqualTo(first);
  }

  @Test
  void unfinished_commands_never_exceed_max_concurrent() {
    List<String> fleet = fixture.fleet(40);
    fixture.connect(fleet, Behaviour.SUCCEEDS);

    Job job = fixture.ended(fixture.submit(JobFixture.job(fleet, 3, null)));

    assertThat(job.counts().of(ExecutionState.SUCCEEDED)).isEqualTo(40);
    assertThat(fixture.mostUnfinished()).isBetween(1, 3);
  }

  @Test
  void devices_are_processed_in_order() {
    List<String> fleet = fixture.fleet(12).reversed();
    fixture.connect(fleet, Behaviour.SUCCEEDS);

    fixture.ended(fixture.submit(JobFixture.job(fleet, 1, null)));

    List<String> order =
        fixture.steps.stream()
            .filter(step -> step.state() == Command.State.SUCCEEDED)
            .map(Command::device)
            .toList();
    assertThat(order).isEqualTo(fleet);
  }

  @Test
  void too_many_failures_stop_the_job_with_the_reason() {
    List<String> fleet = fixture.fleet(30);
    fixture.connect(fleet.subList(0, 3), Behaviour.SUCCEEDS);
    fixture.connect(fleet.subList(3, 30), Behaviour.FAILS);

    Job job =
        fixture.ended(fixture.submit(JobFixture.job(fleet, 1, new Job.FailureThreshold(0.5, 2))));

    assertThat(job.state()).isEqualTo(Job.State.ABORTED);
    assertThat(job.reason()).isEqualTo("3 of 6 finished devices failed; abort.failureRate is 0.5");
    assertThat(job.counts().of(ExecutionState.FAILED)).isEqualTo(3);
    assertThat(job.counts().of(ExecutionState.SKIPPED)).isEqualTo(24);
  }

  @Test
  void an_aborted_job_cancels_queued_commands_and_leaves_delivered_ones() {
    List<String> fleet = fixture.fleet(5);
    JobDevice busy = fixture.connect("d0", Behaviour.ACCEPTS);
    fixture.connect("d1", Behaviour.REJECTS);

    Job made = fixture.submit(JobFixture.job(fleet, null, new Job.FailureThreshold(1, 1)));
    Job stopped = fixture.stand(made, ExecutionState.CANCELLED, 3);
    assertThat(stopped.state()).isEqualTo(Job.State.ABORTED);
    assertThat(stopped.isOver()).isFalse();
    String command =
        Objects.requireNonNull(
            fixture.executions(made, ExecutionState.CANCELLED).getFirst().command());
    Command.Step last = answer(fixture.commands().get(command)).timeline().getLast();
    assertThat(last.reason())
        .startsWith("job " + made.id() + " was aborted: 1 of 1 finished devices");
    busy.says(Command.State.SUCCEEDED);

    assertThat(fixture.ended(made).counts().of(ExecutionState.SUCCEEDED)).isEqualTo(1);
  }

  @Test
  void a_cancelled_job_sends_no_more_commands() {
    List<String> fleet = fixture.fleet(10);
    JobDevice busy = fixture.connect("d0", Behaviour.ACCEPTS);
    Job made = fixture.submit(JobFixture.job(fleet, 3, null));
    fixture.stand(made, ExecutionState.QUEUED, 2);
    fixture.stand(made, ExecutionState.ACCEPTED, 1);

    Job cancelled = answer(fixture.jobs().cancel(made.id(), "bob"));

    assertThat(cancelled.state()).isEqualTo(Job.State.CANCELLED);
    assertThat(cancelled.reason()).isEqualTo("cancelled by bob");
    fixture.stand(made, ExecutionState.CANCELLED, 2);
    fixture.stand(made, ExecutionState.SKIPPED, 7);
    assertThat(refusal(fixture.jobs().cancel(made.id(), "bob")).kind())
        .isEqualTo(ErrorCode.JOB_FINISHED);
    busy.says(Command.State.FAILED);
    assertThat(fixture.ended(made).counts().of(ExecutionState.FAILED)).isEqualTo(1);
    assertThat(refusal(fixture.jobs().cancel("nothing", "bob")).kind())
        .isEqualTo(ErrorCode.UNKNOWN_JOB);
  }

  @Test
  void a_device_that_is_deleted_meanwhile_is_refused_or_its_command_cancelled() {
    List<String> fleet = fixture.fleet(3);
    JobDevice first = fixture.connect("d0", Behaviour.ACCEPTS);
    Job made = fixture.submit(JobFixture.job(fleet, 1, null));
    fixture.stand(made, ExecutionState.ACCEPTED, 1);
    fixture.delete("d1");
    first.says(Command.State.SUCCEEDED);
    fixture.stand(made, ExecutionState.QUEUED, 1);
    fixture.delete("d2");

    Job job = fixture.ended(made);

    assertThat(job.counts().of(ExecutionState.REFUSED)).isEqualTo(1);
    assertThat(job.counts().of(ExecutionState.CANCELLED)).isEqualTo(1);
  }

  @Test
  void undelivered_commands_expire_and_the_job_ends() {
    List<String> fleet = fixture.fleet(20);
    Job made = fixture.submit(JobFixture.job(fleet));
    fixture.stand(made, ExecutionState.QUEUED, 20);

    fixture.pass(Duration.ofMinutes(61));

    Job job = fixture.ended(made);
    assertThat(job.counts().of(ExecutionState.EXPIRED)).isEqualTo(20);
    assertThat(job.state()).isEqualTo(Job.State.DONE);
  }

  @Test
  void a_job_pauses_while_the_disk_is_full_and_continues_afterwards() {
    List<String> fleet = fixture.fleet(20);
    fixture.connect(fleet, Behaviour.SUCCEEDS);
    fixture.diskFull.set(true);
    Job made = fixture.submit(JobFixture.job(fleet));
    assertThat(fixture.get(made).counts().of(ExecutionState.WAITING)).isEqualTo(20);

    fixture.diskFull.set(false);

    assertThat(fixture.ended(made).counts().of(ExecutionState.SUCCEEDED)).isEqualTo(20);
  }

  @Test
  void many_steps_are_coalesced_into_few_events() {
    List<String> fleet = fixture.fleet(600);
    fixture.connect(fleet, Behaviour.SUCCEEDS);

    Job job = fixture.ended(fixture.submit(JobFixture.job(fleet)));

    await().until(() -> !fixture.events.isEmpty() && fixture.events.getLast().isOver());
    assertThat(fixture.events.getLast()).isEqualTo(job);
    assertThat(fixture.events).extracting(Job::version).isSorted().doesNotHaveDuplicates();
    assertThat(fixture.events).allSatisfy(event -> assertThat(event.counts().sum()).isEqualTo(600));
    assertThat(fixture.steps).hasSizeGreaterThanOrEqualTo(1_800);
    assertThat(fixture.events).hasSizeLessThan(100);
  }

  @Test
  void jobs_and_their_devices_are_listed() {
    List<String> fleet = fixture.fleet(3);
    Job first = fixture.submit(JobFixture.job(fleet));
    Job second = fixture.submit(JobFixture.job(fleet.subList(0, 1)));
    answer(fixture.jobs().cancel(first.id(), "bob"));
    fixture.ended(first);

    Page<Job> all = answer(fixture.jobs().list(Set.of(), null, 10));
    assertThat(all.items()).extracting(Job::id).containsExactly(second.id(), first.id());
    Page<Job> running = answer(fixture.jobs().list(Set.of(Job.State.RUNNING), null, 10));
    assertThat(running.items()).extracting(Job::id).containsExactly(second.id());
    assertThat(refusal(fixture.jobs().executions("nothing", Set.of(), null, 1)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_JOB);
  }

  @Test
  void jobs_beyond_the_limit_are_refused_until_one_ends() {
    List<String> fleet = fixture.fleet(40);
    List<Job> running = new ArrayList<>();
    for (int i = 0; i < JobFixture.SETTINGS.maxActive(); i++) {
      running.add(fixture.submit(JobFixture.job(fleet.subList(i, i + 1))));
    }
    JobRequest one = JobFixture.job(fleet.subList(39, 40));
    assertThat(refusal(fixture.jobs().submit(one, "ann")).kind()).isEqualTo(ErrorCode.UNAVAILABLE);

    answer(fixture.jobs().cancel(running.getFirst().id(), "bob"));
    await().until(() -> fixture.jobs().running() < JobFixture.SETTINGS.maxActive());

    assertThat(fixture.submit(one).total()).isEqualTo(1);
  }

  @Test
  void a_job_that_ended_long_ago_is_deleted() {
    fixture.fleet(1);
    Job job = fixture.submit(JobFixture.job(List.of("d0")));
    answer(fixture.jobs().cancel(job.id(), "bob"));
    fixture.ended(job);

    fixture.pass(Duration.ofDays(91));

    await().until(() -> answer(fixture.jobs().list(Set.of(), null, 10)).items().isEmpty());
  }

  @Test
  void a_closed_engine_refuses_requests() {
    List<String> fleet = fixture.fleet(1);
    answer(fixture.jobs().close());

    assertThat(refusal(fixture.jobs().submit(JobFixture.job(fleet), "ann")).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refusal(fixture.jobs().awaitCompletion("x", Duration.ofSeconds(1)).outcome()).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void a_job_of_ten_thousand_devices_completes() {
    fixture.fleet(100);
    List<String> many =
        IntStream.range(0, 10_000).mapToObj(i -> i < 100 ? "d" + i : "nobody-" + i).toList();

    Job made = fixture.submit(JobFixture.job(many));
    answer(fixture.jobs().cancel(made.id(), "bob"));

    Job job = fixture.ended(made);
    assertThat(job.counts().sum()).isEqualTo(10_000);
    assertThat(job.counts().of(ExecutionState.SKIPPED)).isGreaterThan(5_000);
  }
}
