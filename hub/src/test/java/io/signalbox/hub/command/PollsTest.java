package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.Visitor.Waiting;
import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PollsTest {
  @AutoClose private final Workshop workshop;
  private final Visitor visitor;

  PollsTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, Workshop.SETTINGS);
    visitor = workshop.visitor(DEVICE);
  }

  @Test
  void a_poll_brings_all_that_is_due_in_order_and_each_command_once() {
    assertThat(visitor.fetch()).isEmpty();
    List.of("a", "b").forEach(workshop::submit);

    List<Command> given = visitor.fetch();

    assertThat(given).extracting(Command::name).containsExactly("a", "b");
    assertThat(given).allMatch(command -> command.equals(workshop.get(command.id())));
    assertThat(visitor.fetch()).isEmpty();
    answer(visitor.says(given.getFirst().id(), State.SUCCEEDED));
    assertThat(workshop.get(given.getFirst().id()).state()).isEqualTo(State.SUCCEEDED);
  }

  @Test
  void what_is_handed_out_says_until_when_it_is_leased() {
    Command made = workshop.submit("start");
    visitor.fetch();

    long now = workshop.clock.get();
    assertThat(workshop.get(made.id()).timeline().getLast())
        .isEqualTo(
            new Step(
                State.SENT,
                now,
                "hub",
                visitor.session().epoch(),
                Transport.HTTP,
                null,
                null,
                now + Visitor.LEASE.toMillis()));
  }

  @Test
  void a_poll_brings_no_more_than_it_wants_and_no_more_than_the_window() {
    List.of("a", "b", "c", "d", "e").forEach(workshop::submit);

    assertThat(visitor.fetch(1)).extracting(Command::name).containsExactly("a");
    List<Command> next = visitor.fetch();
    assertThat(next).extracting(Command::name).containsExactly("b", "c");
    assertThat(visitor.fetch()).as("the window is full").isEmpty();

    answer(visitor.says(next.getFirst().id(), State.ACCEPTED));
    assertThat(visitor.names()).containsExactly("d");
  }

  @Test
  void a_poll_that_waits_is_given_what_comes_and_only_once() {
    Waiting waiting = visitor.waits();
    assertThat(waiting.isOver()).isFalse();

    Command made = workshop.submit("a");
    workshop.submit("b");
    workshop.quiet();

    assertThat(waiting.names()).containsExactly("a");
    assertThat(made.expectedBy()).isEqualTo(workshop.clock.get());
    assertThat(visitor.names()).containsExactly("b");
  }

  @Test
  void a_poll_that_could_wait_is_given_what_is_due_at_once() {
    List.of("a", "b").forEach(workshop::submit);

    assertThat(visitor.waits(1).names()).containsExactly("a");
    assertThat(visitor.waits().names()).containsExactly("b");
  }

  @Test
  void a_released_poll_is_given_nothing_more() {
    Waiting waiting = visitor.waits();
    visitor.release(waiting);

    Command made = workshop.submit("a");
    workshop.quiet();

    assertThat(waiting.isOver()).isFalse();
    assertThat(workshop.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(visitor.names()).containsExactly("a");
  }

  @Test
  void when_a_release_is_done_whatever_was_handed_out_has_been_delivered() {
    for (int round = 0; round < 50; round++) {
      Waiting waiting = visitor.waits();
      Future<Command> made = workshop.commands().submit(DEVICE, Workshop.request("a"), "ann");
      visitor.release(waiting);
      // Whichever was first: it was given to the poll, or is still to be had.
      State state = workshop.get(answer(made).id()).state();
      assertThat(state).isEqualTo(waiting.isOver() ? State.SENT : State.QUEUED);
      if (!waiting.isOver()) {
        assertThat(visitor.names()).containsExactly("a");
      }
      answer(visitor.says(answer(made).id(), State.SUCCEEDED));
    }
  }

  @Test
  void a_second_poll_takes_the_place_of_the_first() {
    Waiting first = visitor.waits();
    Waiting second = visitor.waits();
    visitor.release(first);

    workshop.submit("a");
    workshop.quiet();

    assertThat(first.isOver()).isFalse();
    assertThat(second.names()).containsExactly("a");
  }

  @Test
  void what_could_not_be_written_is_given_back_and_had_by_the_next_poll() {
    Command made = workshop.submit("a");
    visitor.giveBack(visitor.fetch());

    Step back = workshop.get(made.id()).timeline().getLast();
    assertThat(back.state()).isEqualTo(State.QUEUED);
    assertThat(back.because()).isEqualTo("not written");
    assertThat(visitor.names()).containsExactly("a");
  }

  @Test
  void what_is_given_back_goes_to_the_poll_that_waits_by_then() {
    Command made = workshop.submit("a");
    List<Command> given = visitor.fetch();
    Waiting waiting = visitor.waits();

    visitor.giveBack(given);

    assertThat(waiting.names()).containsExactly("a");
    assertThat(workshop.get(made.id()).version()).isEqualTo(4);
  }

  @Test
  void only_what_the_session_has_can_be_given_back() {
    workshop.submit("a");
    List<Command> given = visitor.fetch();
    answer(visitor.says(given.getFirst().id(), State.ACCEPTED));
    visitor.giveBack(given);
    assertThat(workshop.get(given.getFirst().id()).state()).isEqualTo(State.ACCEPTED);

    Line line = workshop.connect(DEVICE);
    Command other = workshop.submit("b");
    visitor.giveBack(List.of(other));

    assertThat(line.names()).containsExactly("b");
    assertThat(workshop.get(other.id()).state()).isEqualTo(State.SENT);
  }

  @Test
  void a_command_that_is_held_back_reaches_the_poll_that_waits_when_it_is_due() {
    long later = workshop.clock.get() + 10_000;
    NewCommand held = new NewCommand("held", "{}", Duration.ofMinutes(1), later, null, null, null);
    Command made = answer(workshop.commands().submit(DEVICE, held, "ann"));
    Waiting waiting = visitor.waits();
    assertThat(made.expectedBy()).isNull();

    workshop.pass(Duration.ofMillis(9_999));
    assertThat(waiting.isOver()).isFalse();
    workshop.pass(Duration.ofMillis(1));
    assertThat(waiting.names()).containsExactly("held");
  }

  @Test
  void what_a_device_has_still_to_come_for_is_told() {
    long later = workshop.clock.get() + 10_000;
    NewCommand held = new NewCommand("held", "{}", Duration.ofMinutes(1), later, null, null, null);
    assertThat(backlog()).isEqualTo(new Backlog(0, 0));
    answer(workshop.commands().submit(DEVICE, held, "ann"));
    List.of("a", "b").forEach(workshop::submit);

    visitor.fetch(1);
    assertThat(backlog()).isEqualTo(new Backlog(1, later));

    visitor.fetch();
    workshop.pass(Duration.ofSeconds(10));
    assertThat(backlog()).isEqualTo(new Backlog(1, 0));
  }

  private Backlog backlog() {
    return answer(workshop.commands().backlog(DEVICE));
  }

  @Test
  void a_handed_out_command_cannot_be_cancelled() {
    Command made = workshop.submit("a");
    visitor.fetch();

    assertThat(refusal(workshop.commands().cancel(made.id(), "ann")).kind())
        .isEqualTo(Kind.CONFLICT);
  }

  @Test
  void a_command_for_a_poller_is_expected_now_while_a_poll_waits_and_else_as_planned() {
    Session session =
        answer(workshop.presences().open(DEVICE, Transport.HTTP, "10.0.0.7", cause -> {}));
    Visitor planned = new Visitor(session, workshop.commands());
    planned.fetch();
    long next = workshop.clock.get() + 60_000;
    workshop.presences().rests(session, next);
    assertThat(workshop.submit("later").expectedBy()).isEqualTo(next);

    planned.fetch();
    workshop.presences().wakes(session);
    planned.waits();
    assertThat(workshop.submit("now").expectedBy()).isEqualTo(workshop.clock.get());
  }

  @Test
  void a_session_that_was_replaced_is_told_so_when_it_polls() {
    Visitor newer = workshop.visitor(DEVICE);
    newer.fetch();

    assertThat(
            refusal(workshop.commands().fetch(visitor.session(), 1, Visitor.LEASE, Receipt.ALL))
                .kind())
        .isEqualTo(Kind.CONFLICT);
    assertThat(
            refusal(
                    workshop
                        .commands()
                        .hold(
                            visitor.session(),
                            1,
                            Visitor.LEASE,
                            Receipt.ALL,
                            new ArrayList<>()::addAll))
                .kind())
        .isEqualTo(Kind.CONFLICT);
  }

  @Test
  void a_poll_that_breaks_harms_nobody_and_its_lease_brings_the_command_back() {
    Command made = workshop.submit("a");
    answer(
        workshop
            .commands()
            .hold(
                visitor.session(),
                1,
                Visitor.LEASE,
                Receipt.ALL,
                commands -> {
                  throw new IllegalStateException("the connection is gone");
                }));

    assertThat(workshop.get(made.id()).state()).isEqualTo(State.SENT);
    workshop.pass(Visitor.LEASE);
    assertThat(workshop.get(made.id()).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void while_the_disk_is_full_a_poll_is_refused_and_nothing_is_handed_out() {
    Command made = workshop.submit("a");
    workshop.diskFull.set(true);
    Waiting waiting = Waiting.begin();

    assertThat(
            refusal(workshop.commands().fetch(visitor.session(), 1, Visitor.LEASE, Receipt.ALL))
                .kind())
        .isEqualTo(Kind.UNAVAILABLE);
    Future<Void> held =
        workshop.commands().hold(visitor.session(), 1, Visitor.LEASE, Receipt.ALL, waiting.poll());
    assertThat(refusal(held).kind()).isEqualTo(Kind.UNAVAILABLE);

    workshop.diskFull.set(false);
    workshop.pass(Duration.ofSeconds(2));
    assertThat(waiting.isOver()).isFalse();
    assertThat(workshop.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(visitor.names()).containsExactly("a");
  }

  @Test
  void nothing_stays_in_memory_of_a_poller_whose_session_has_ended() {
    workshop.submit("a");
    visitor.fetch();
    assertThat(workshop.mailboxes()).isEqualTo(1);

    visitor.detach("overdue");

    assertThat(workshop.mailboxes()).isZero();
  }
}
