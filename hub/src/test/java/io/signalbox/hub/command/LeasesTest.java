package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.Visitor.Waiting;
import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {
  private static final Duration ALMOST = Visitor.LEASE.minusMillis(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  @AutoClose private final Workshop workshop;
  private Visitor visitor;
  private final Command made;

  LeasesTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, Workshop.SETTINGS);
    visitor = workshop.visitor(DEVICE);
    made = workshop.submit("start");
    assertThat(visitor.names()).containsExactly("start");
  }

  private Command now() {
    return workshop.get(made.id());
  }

  private Step last() {
    return now().timeline().getLast();
  }

  @Test
  void an_unanswered_command_is_queued_again_when_its_lease_is_over_and_handed_out_again() {
    workshop.pass(ALMOST);
    assertThat(now().state()).isEqualTo(State.SENT);
    assertThat(visitor.fetch()).isEmpty();

    workshop.pass(MILLI);

    assertThat(last().state()).isEqualTo(State.QUEUED);
    assertThat(last().because()).isEqualTo("lease over");
    assertThat(last().session()).isEqualTo(visitor.session().epoch());
    assertThat(visitor.names()).containsExactly("start");
  }

  @Test
  void a_lease_that_ends_while_a_poll_waits_hands_the_command_to_that_poll() {
    Waiting waiting = visitor.waits();
    workshop.pass(ALMOST);
    assertThat(waiting.isOver()).isFalse();

    workshop.pass(MILLI);

    assertThat(waiting.names()).containsExactly("start");
    assertThat(last().until()).isEqualTo(workshop.clock.get() + Visitor.LEASE.toMillis());
  }

  @Test
  void an_answer_ends_the_lease() {
    answer(visitor.says(made.id(), State.ACCEPTED));

    workshop.pass(Visitor.LEASE);

    assertThat(now().state()).isEqualTo(State.ACCEPTED);
    answer(visitor.says(made.id(), State.SUCCEEDED));
  }

  @Test
  void an_answer_that_comes_after_the_lease_is_taken() {
    workshop.pass(Visitor.LEASE);

    answer(visitor.says(made.id(), State.SUCCEEDED));

    assertThat(now().state()).isEqualTo(State.SUCCEEDED);
    assertThat(last().because()).isEqualTo("answer to an earlier delivery");
  }

  @Test
  void a_lease_goes_on_when_the_hub_is_killed_and_so_does_its_session() {
    workshop.pass(Duration.ofSeconds(10));
    workshop.kill();

    assertThat(now().state()).isEqualTo(State.SENT);
    Visitor again = workshop.again(visitor);
    assertThat(again.fetch()).isEmpty();
    workshop.pass(Duration.ofSeconds(10));
    answer(again.says(made.id(), State.SUCCEEDED));
  }

  @Test
  void a_lease_ends_on_time_also_when_nobody_came_since_the_hub_was_killed() {
    workshop.kill();
    assertThat(workshop.mailboxes()).isZero();

    workshop.pass(ALMOST);
    assertThat(now().state()).isEqualTo(State.SENT);
    workshop.pass(MILLI);
    assertThat(last().because()).isEqualTo("lease over");
    assertThat(workshop.mailboxes()).isZero();
  }

  @Test
  void a_lease_that_ended_while_the_hub_was_down_is_over_when_it_is_back() {
    workshop.clock.addAndGet(Visitor.LEASE.toMillis());
    workshop.restart();

    assertThat(last().because()).isEqualTo("lease over");
    assertThat(workshop.again(visitor).names()).containsExactly("start");
  }

  @Test
  void a_refused_request_does_not_make_the_hub_forget_a_lease() {
    workshop.restart();
    NewCommand tooLate = new NewCommand("b", "{}", Duration.ofHours(1), null, null, null, "key");
    answer(workshop.commands().submit(DEVICE, tooLate, "ann"));
    NewCommand other = new NewCommand("c", "{}", Duration.ofHours(1), null, null, null, "key");
    workshop.restart();
    assertThat(refusal(workshop.commands().submit(DEVICE, other, "ann")).kind())
        .isEqualTo(Kind.CONFLICT);

    workshop.pass(Visitor.LEASE);

    assertThat(last().because()).isEqualTo("lease over");
  }

  @Test
  void a_device_that_connects_gets_at_once_what_was_leased_to_its_polls() {
    Line line = workshop.connect(DEVICE);

    assertThat(line.names()).containsExactly("start");
    List<Step> timeline = now().timeline();
    assertThat(timeline.get(2).because())
        .isEqualTo("replaced by session " + line.session().epoch());
    assertThat(last().until()).as("a connection has no lease").isNull();
    assertThat(refusal(visitor.says(made.id(), State.SUCCEEDED)).kind()).isEqualTo(Kind.CONFLICT);

    visitor.detach("replaced");
    workshop.pass(Visitor.LEASE);
    assertThat(now().state()).isEqualTo(State.SENT);
  }

  @Test
  void a_device_that_connects_after_a_restart_gets_at_once_what_was_leased_before() {
    workshop.kill();

    Line line = workshop.connect(DEVICE);

    assertThat(line.names()).containsExactly("start");
    assertThat(now().timeline().get(2).because())
        .isEqualTo("replaced by session " + line.session().epoch());
  }

  @Test
  void a_poll_of_a_newer_session_gets_what_a_connection_was_sent() {
    Line line = workshop.connect(DEVICE);
    Visitor newer = workshop.visitor(DEVICE);

    assertThat(newer.names()).containsExactly("start");
    line.detach("replaced");
    assertThat(now().state()).isEqualTo(State.SENT);
  }

  @Test
  void a_poller_that_goes_over_to_a_stream_and_back_gets_its_commands_again_in_order() {
    Line line = new Line(visitor.session(), workshop.commands());
    line.attach();
    workshop.submit("streamed");
    assertThat(line.names()).containsExactly("start", "streamed");

    assertThat(visitor.names()).containsExactly("start", "streamed");
  }

  @Test
  void a_session_that_ends_gives_back_what_is_leased_to_it() {
    visitor.detach("overdue");

    assertThat(last().state()).isEqualTo(State.QUEUED);
    assertThat(last().because()).isEqualTo("overdue");
  }

  @Test
  void a_session_that_ends_after_a_restart_gives_back_what_is_leased_to_it() {
    workshop.restart();

    workshop.again(visitor).detach("overdue");

    assertThat(last().because()).isEqualTo("overdue");
    assertThat(workshop.mailboxes()).isZero();
  }

  @Test
  void the_end_of_an_older_session_leaves_the_leases_of_a_newer_one() {
    Visitor older = visitor;
    visitor = workshop.visitor(DEVICE);
    assertThat(visitor.names()).containsExactly("start");
    workshop.restart();

    workshop.again(older).detach("overdue");

    assertThat(now().state()).isEqualTo(State.SENT);
  }

  @Test
  void a_device_that_is_deleted_loses_its_leases_and_its_poll_gets_nothing() {
    Waiting waiting = visitor.waits();

    answer(workshop.delete(DEVICE));
    workshop.register(DEVICE);
    Command other = workshop.submit("other");
    workshop.pass(Visitor.LEASE);

    assertThat(now().state()).isEqualTo(State.CANCELLED);
    assertThat(waiting.isOver()).isFalse();
    assertThat(workshop.get(other.id()).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void a_lease_does_not_outlast_the_command() {
    NewCommand shortly =
        new NewCommand("shortly", "{}", Duration.ofSeconds(5), null, null, null, null);
    Command brief = answer(workshop.commands().submit(DEVICE, shortly, "ann"));
    assertThat(visitor.names()).containsExactly("shortly");

    workshop.pass(Duration.ofSeconds(5));

    assertThat(workshop.get(brief.id()).state()).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_disk_that_is_full_when_a_lease_ends_only_delays_it() {
    workshop.diskFull.set(true);
    workshop.pass(Visitor.LEASE);
    assertThat(now().state()).isEqualTo(State.SENT);

    workshop.diskFull.set(false);
    workshop.pass(Duration.ofSeconds(2));

    assertThat(last().because()).isEqualTo("lease over");
  }
}
