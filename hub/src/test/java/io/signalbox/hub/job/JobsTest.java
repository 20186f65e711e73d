package io.signalbox.hub.job;

import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.job.Hand.Manner;
import io.signalbox.hub.job.NewJob.Whom;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
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

class JobsTest {
  @AutoClose private final Yard yard;

  JobsTest(@TempDir Path scratch) {
    yard = new Yard(scratch);
  }

  @Test
  void a_job_reaches_every_device_and_ends_when_the_last_of_them_has() {
    List<String> fleet = yard.fleet(50);
    List<Hand> quick = yard.connect(fleet.subList(0, 49), Manner.SUCCEEDS);
    Hand slow = yard.connect("d49", Manner.ACCEPTS);

    Job made = yard.submit(Yard.job(fleet));
    assertThat(made.state()).isEqualTo(Job.State.RUNNING);
    assertThat(made.tally().of(Standing.WAITING)).isEqualTo(50);
    Job nearly = yard.stand(made, Standing.SUCCEEDED, 49);
    assertThat(nearly.isOver()).isFalse();
    yard.stand(made, Standing.ACCEPTED, 1);
    slow.says(Command.State.SUCCEEDED);

    Job done = yard.ended(made);
    assertThat(done.state()).isEqualTo(Job.State.DONE);
    assertThat(done.tally().of(Standing.SUCCEEDED)).isEqualTo(50);
    assertThat(quick).allSatisfy(hand -> assertThat(hand.delivered()).hasSize(1));
    Command command = quick.getFirst().delivered().getFirst();
    assertThat(command.job()).isEqualTo(made.id());
    assertThat(command.timeline().getFirst().by()).isEqualTo("ann");
    assertThat(yard.errands(made))
        .contains(new Errand("d0", Standing.SUCCEEDED, command.id(), null));
  }

  @Test
  void who_is_not_registered_is_refused_with_the_reason_and_holds_up_nobody() {
    yard.fleet(2);
    yard.connect("d1", Manner.SUCCEEDS);
    yard.connect("d0", Manner.SUCCEEDS);

    Job job = yard.ended(yard.submit(Yard.job(List.of("nobody", "d0", "neither", "d1", "d0"))));

    assertThat(job.total()).isEqualTo(4);
    assertThat(job.tally().of(Standing.REFUSED)).isEqualTo(2);
    assertThat(job.tally().of(Standing.SUCCEEDED)).isEqualTo(2);
    Errand refused = yard.errands(job).getFirst();
    assertThat(refused.device()).isEqualTo("nobody");
    assertThat(refused.refusal())
        .isEqualTo(new Errand.Grounds("unknown-device", "there is no device nobody"));
  }

  @Test
  void a_device_whose_queue_is_full_is_refused_with_the_reason() {
    List<String> fleet = yard.fleet(2);
    answer(yard.commands().submit("d0", Yard.start(null), "bob"));
    answer(yard.commands().submit("d0", Yard.start(null), "bob"));
    yard.connect("d1", Manner.SUCCEEDS);

    Job job = yard.ended(yard.submit(Yard.job(fleet)));

    assertThat(yard.errands(job, Standing.REFUSED).getFirst().refusal())
        .extracting(Errand.Grounds::code)
        .isEqualTo("queue-full");
    assertThat(job.tally().of(Standing.SUCCEEDED)).isEqualTo(1);
  }

  @Test
  void a_selector_finds_those_that_fit_when_the_job_is_made() {
    yard.register("a", Map.of("site", "ghent"));
    yard.register("b", Map.of("site", "aalst"));
    yard.register("c", Map.of("site", "ghent"));

    Job job = yard.submit(found(null, Map.of("site", "ghent")));
    yard.register("d", Map.of("site", "ghent"));

    assertThat(job.total()).isEqualTo(2);
    assertThat(yard.errands(job)).extracting(Errand::device).containsExactly("a", "c");
    assertThat(yard.submit(found("pump", Map.of())).total()).isEqualTo(4);
    assertThat(refusal(yard.jobs().submit(found("fan", Map.of()), "ann")).field())
        .isEqualTo("type");
    Refusal none = refusal(yard.jobs().submit(found(null, Map.of("site", "paris")), "ann"));
    assertThat(none.kind()).isEqualTo(Kind.INVALID);
    assertThat(none.field()).isEqualTo("labels");
  }

  private static NewJob found(@Nullable String type, Map<String, String> labels) {
    return new NewJob(Yard.start(null), new Whom.Found(new Selector(type, labels)), null, null);
  }

  @Test
  void a_repeated_request_gets_the_job_that_the_first_has_made() {
    List<String> fleet = yard.fleet(3);
    NewJob request = new NewJob(Yard.start("key-1"), new Whom.Named(fleet), null, null);
    List<Future<Job>> both =
        List.of(yard.jobs().submit(request, "ann"), yard.jobs().submit(request, "ann"));

    String first = answer(both.get(0)).id();
    assertThat(answer(both.get(1)).id()).isEqualTo(first);
    yard.restart();
    assertThat(yard.submit(request).id()).isEqualTo(first);
    NewJob other = new NewJob(Yard.start("key-1"), new Whom.Named(fleet.subList(0, 2)), null, null);
    Refusal refused = refusal(yard.jobs().submit(other, "ann"));
    assertThat(refused.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(refused.field()).isEqualTo("Idempotency-Key");
    yard.pass(Duration.ofHours(25));
    assertThat(yard.submit(other).id()).isNotEqualTo(first);
  }

  @Test
  void no_more_commands_than_wished_are_unfinished_at_a_time() {
    List<String> fleet = yard.fleet(40);
    yard.connect(fleet, Manner.SUCCEEDS);

    Job job = yard.ended(yard.submit(Yard.job(fleet, 3, null)));

    assertThat(job.tally().of(Standing.SUCCEEDED)).isEqualTo(40);
    assertThat(yard.mostUnfinished()).isBetween(1, 3);
  }

  @Test
  void devices_are_gone_through_in_their_order() {
    List<String> fleet = yard.fleet(12).reversed();
    yard.connect(fleet, Manner.SUCCEEDS);

    yard.ended(yard.submit(Yard.job(fleet, 1, null)));

    List<String> order =
        yard.steps.stream()
            .filter(step -> step.state() == Command.State.SUCCEEDED)
            .map(Command::device)
            .toList();
    assertThat(order).isEqualTo(fleet);
  }

  @Test
  void too_many_failures_stop_the_job_with_the_reason() {
    List<String> fleet = yard.fleet(30);
    yard.connect(fleet.subList(0, 3), Manner.SUCCEEDS);
    yard.connect(fleet.subList(3, 30), Manner.FAILS);

    Job job = yard.ended(yard.submit(Yard.job(fleet, 1, new Job.Stop(0.5, 2))));

    assertThat(job.state()).isEqualTo(Job.State.STOPPED);
    assertThat(job.because())
        .isEqualTo("3 of the 6 devices that have ended have failed; the limit is a share of 0.5");
    assertThat(job.tally().of(Standing.FAILED)).isEqualTo(3);
    assertThat(job.tally().of(Standing.SKIPPED)).isEqualTo(24);
  }

  @Test
  void a_stopped_job_takes_back_what_is_queued_and_leaves_what_is_with_a_device() {
    List<String> fleet = yard.fleet(5);
    Hand busy = yard.connect("d0", Manner.ACCEPTS);
    yard.connect("d1", Manner.REJECTS);

    Job made = yard.submit(Yard.job(fleet, null, new Job.Stop(1, 1)));
    Job stopped = yard.stand(made, Standing.CANCELLED, 3);
    assertThat(stopped.state()).isEqualTo(Job.State.STOPPED);
    assertThat(stopped.isOver()).isFalse();
    String command =
        Objects.requireNonNull(yard.errands(made, Standing.CANCELLED).getFirst().command());
    Command.Step last = answer(yard.commands().get(command)).timeline().getLast();
    assertThat(last.because()).startsWith("job " + made.id() + " was stopped: 1 of the 1 devices");
    busy.says(Command.State.SUCCEEDED);

    assertThat(yard.ended(made).tally().of(Standing.SUCCEEDED)).isEqualTo(1);
  }

  @Test
  void a_job_that_is_taken_back_sends_nothing_more() {
    List<String> fleet = yard.fleet(10);
    Hand busy = yard.connect("d0", Manner.ACCEPTS);
    Job made = yard.submit(Yard.job(fleet, 3, null));
    yard.stand(made, Standing.QUEUED, 2);
    yard.stand(made, Standing.ACCEPTED, 1);

    Job cancelled = answer(yard.jobs().cancel(made.id(), "bob"));

    assertThat(cancelled.state()).isEqualTo(Job.State.CANCELLED);
    assertThat(cancelled.because()).isEqualTo("cancelled by bob");
    yard.stand(made, Standing.CANCELLED, 2);
    yard.stand(made, Standing.SKIPPED, 7);
    assertThat(refusal(yard.jobs().cancel(made.id(), "bob")).kind()).isEqualTo(Kind.JOB_OVER);
    busy.says(Command.State.FAILED);
    assertThat(yard.ended(made).tally().of(Standing.FAILED)).isEqualTo(1);
    assertThat(refusal(yard.jobs().cancel("nothing", "bob")).kind()).isEqualTo(Kind.UNKNOWN_JOB);
  }

  @Test
  void a_device_that_is_deleted_meanwhile_is_refused_or_its_command_cancelled() {
    List<String> fleet = yard.fleet(3);
    Hand first = yard.connect("d0", Manner.ACCEPTS);
    Job made = yard.submit(Yard.job(fleet, 1, null));
    yard.stand(made, Standing.ACCEPTED, 1);
    yard.delete("d1");
    first.says(Command.State.SUCCEEDED);
    yard.stand(made, Standing.QUEUED, 1);
    yard.delete("d2");

    Job job = yard.ended(made);

    assertThat(job.tally().of(Standing.REFUSED)).isEqualTo(1);
    assertThat(job.tally().of(Standing.CANCELLED)).isEqualTo(1);
  }

  @Test
  void what_no_device_takes_in_time_expires_and_the_job_ends() {
    List<String> fleet = yard.fleet(20);
    Job made = yard.submit(Yard.job(fleet));
    yard.stand(made, Standing.QUEUED, 20);

    yard.pass(Duration.ofMinutes(61));

    Job job = yard.ended(made);
    assertThat(job.tally().of(Standing.EXPIRED)).isEqualTo(20);
    assertThat(job.state()).isEqualTo(Job.State.DONE);
  }

  @Test
  void while_the_disk_is_full_a_job_waits_and_goes_on_afterwards() {
    List<String> fleet = yard.fleet(20);
    yard.connect(fleet, Manner.SUCCEEDS);
    yard.diskFull.set(true);
    Job made = yard.submit(Yard.job(fleet));
    assertThat(yard.get(made).tally().of(Standing.WAITING)).isEqualTo(20);

    yard.diskFull.set(false);

    assertThat(yard.ended(made).tally().of(Standing.SUCCEEDED)).isEqualTo(20);
  }

  @Test
  void many_steps_make_few_events_of_which_the_last_tells_the_end() {
    List<String> fleet = yard.fleet(600);
    yard.connect(fleet, Manner.SUCCEEDS);

    Job job = yard.ended(yard.submit(Yard.job(fleet)));

    await().until(() -> !yard.events.isEmpty() && yard.events.getLast().isOver());
    assertThat(yard.events.getLast()).isEqualTo(job);
    assertThat(yard.events).extracting(Job::version).isSorted().doesNotHaveDuplicates();
    assertThat(yard.events).allSatisfy(event -> assertThat(event.tally().sum()).isEqualTo(600));
    assertThat(yard.steps).hasSizeGreaterThanOrEqualTo(1_800);
    assertThat(yard.events).hasSizeLessThan(100);
  }

  @Test
  void jobs_and_their_devices_are_listed() {
    List<String> fleet = yard.fleet(3);
    Job first = yard.submit(Yard.job(fleet));
    Job second = yard.submit(Yard.job(fleet.subList(0, 1)));
    answer(yard.jobs().cancel(first.id(), "bob"));
    yard.ended(first);

    Page<Job> all = answer(yard.jobs().list(Set.of(), null, 10));
    assertThat(all.items()).extracting(Job::id).containsExactly(second.id(), first.id());
    Page<Job> running = answer(yard.jobs().list(Set.of(Job.State.RUNNING), null, 10));
    assertThat(running.items()).extracting(Job::id).containsExactly(second.id());
    assertThat(refusal(yard.jobs().errands("nothing", Set.of(), null, 1)).kind())
        .isEqualTo(Kind.UNKNOWN_JOB);
  }

  @Test
  void more_jobs_than_may_run_are_refused_until_one_is_over() {
    List<String> fleet = yard.fleet(40);
    List<Job> running = new ArrayList<>();
    for (int i = 0; i < Yard.SETTINGS.running(); i++) {
      running.add(yard.submit(Yard.job(fleet.subList(i, i + 1))));
    }
    NewJob one = Yard.job(fleet.subList(39, 40));
    assertThat(refusal(yard.jobs().submit(one, "ann")).kind()).isEqualTo(Kind.UNAVAILABLE);

    answer(yard.jobs().cancel(running.getFirst().id(), "bob"));
    await().until(() -> yard.jobs().running() < Yard.SETTINGS.running());

    assertThat(yard.submit(one).total()).isEqualTo(1);
  }

  @Test
  void a_job_that_ended_long_ago_is_forgotten() {
    yard.fleet(1);
    Job job = yard.submit(Yard.job(List.of("d0")));
    answer(yard.jobs().cancel(job.id(), "bob"));
    yard.ended(job);

    yard.pass(Duration.ofDays(91));

    await().until(() -> answer(yard.jobs().list(Set.of(), null, 10)).items().isEmpty());
  }

  @Test
  void a_closed_room_refuses() {
    List<String> fleet = yard.fleet(1);
    answer(yard.jobs().close());

    assertThat(refusal(yard.jobs().submit(Yard.job(fleet), "ann")).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(refusal(yard.jobs().holdForEnd("x", Duration.ofSeconds(1)).outcome()).kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void ten_thousand_devices_are_no_burden() {
    yard.fleet(100);
    List<String> many =
        IntStream.range(0, 10_000).mapToObj(i -> i < 100 ? "d" + i : "nobody-" + i).toList();

    Job made = yard.submit(Yard.job(many));
    answer(yard.jobs().cancel(made.id(), "bob"));

    Job job = yard.ended(made);
    assertThat(job.tally().sum()).isEqualTo(10_000);
    assertThat(job.tally().of(Standing.SKIPPED)).isGreaterThan(5_000);
  }
}
