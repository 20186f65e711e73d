package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.command.TestPoller.Waiting;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandPollsTest {
  @AutoClose private final CommandFixture fixture;
  private final TestPoller poller;

  CommandPollsTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, CommandFixture.SETTINGS);
    poller = fixture.poller(DEVICE);
  }

  @Test
  void a_poll_delivers_all_due_commands_in_order_and_once() {
    assertThat(poller.fetch()).isEmpty();
    List.of("a", "b").forEach(fixture::submit);

    List<Command> given = poller.fetch();

    assertThat(given).extracting(Command::name).containsExactly("a", "b");
    assertThat(given).allMatch(command -> command.equals(fixture.get(command.id())));
    assertThat(poller.fetch()).isEmpty();
    answer(poller.says(given.getFirst().id(), State.SUCCEEDED));
    assertThat(fixture.get(given.getFirst().id()).state()).isEqualTo(State.SUCCEEDED);
  }

  @Test
  void a_delivered_command_carries_the_end_of_its_lease() {
    Command made = fixture.submit("start");
    poller.fetch();

    long now = fixture.clock.get();
    assertThat(fixture.get(made.id()).timeline().getLast())
        .isEqualTo(
            new Step(
                State.SENT,
                now,
                "hub",
                poller.session().epoch(),
                Transport.HTTP,
                null,
                null,
                now + TestPoller.LEASE.toMillis()));
  }

  @Test
  void a_poll_delivers_at_most_the_requested_number_and_the_window() {
    List.of("a", "b", "c", "d", "e").forEach(fixture::submit);

    assertThat(poller.fetch(1)).extracting(Command::name).containsExactly("a");
    List<Command> next = poller.fetch();
    assertThat(next).extracting(Command::name).containsExactly("b", "c");
    assertThat(poller.fetch()).as("the window is full").isEmpty();

    answer(poller.says(next.getFirst().id(), State.ACCEPTED));
    assertThat(poller.names()).containsExactly("d");
  }

  @Test
  void a_held_poll_gets_new_commands_once() {
    Waiting waiting = poller.waits();
    assertThat(waiting.isOver()).isFalse();

    Command made = fixture.submit("a");
    fixture.submit("b");
    fixture.quiet();

    assertThat(waiting.names()).containsExactly("a");
    assertThat(made.expectedBy()).isEqualTo(fixture.clock.get());
    assertThat(poller.names()).containsExactly("b");
  }

  @Test
  void a_long_poll_gets_due_commands_at_once() {
    List.of("a", "b").forEach(fixture::submit);

    assertThat(poller.waits(1).names()).containsExactly("a");
    assertThat(poller.waits().names()).containsExactly("b");
  }

  @Test
  void a_released_poll_gets_no_more_commands() {
    Waiting waiting = poller.waits();
    poller.release(waiting);

    Command made = fixture.submit("a");
    fixture.quiet();

    assertThat(waiting.isOver()).isFalse();
    assertThat(fixture.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(poller.names()).containsExactly("a");
  }

  @Test
  void a_release_completes_after_all_deliveries_to_the_poll() {
    for (int round = 0; round < 50; round++) {
      Waiting waiting = poller.waits();
      Future<Command> made = fixture.commands().submit(DEVICE, CommandFixture.request("a"), "ann");
      poller.release(waiting);
      // Depending on the order, the poll got the command or it is still queued.
      State state = fixture.get(answer(made).id()).state();
      assertThat(state).isEqualTo(waiting.isOver() ? State.SENT : State.QUEUED);
      if (!waiting.isOver()) {
        assertThat(poller.names()).containsExactly("a");
      }
      answer(poller.says(answer(made).id(), State.SUCCEEDED));
    }
  }

  @Test
  void a_second_poll_replaces_the_first() {
    Waiting first = poller.waits();
    Waiting second = poller.waits();
    poller.release(first);

    fixture.submit("a");
    fixture.quiet();

    assertThat(first.isOver()).isFalse();
    assertThat(second.names()).containsExactly("a");
  }

  @Test
  void undelivered_commands_are_returned_and_delivered_by_the_next_poll() {
    Command made = fixture.submit("a");
    poller.giveBack(poller.fetch());

    Step back = fixture.get(made.id()).timeline().getLast();
    assertThat(back.state()).isEqualTo(State.QUEUED);
    assertThat(back.reason()).isEqualTo("write-failed");
    assertThat(poller.names()).containsExactly("a");
  }

  @Test
  void a_returned_command_goes_to_the_poll_that_is_held_by_then() {
    Command made = fixture.submit("a");
    List<Command> given = poller.fetch();
    Waiting waiting = poller.waits();

    poller.giveBack(given);

    assertThat(waiting.names()).containsExactly("a");
    assertThat(fixture.get(made.id()).version()).isEqualTo(4);
  }

  @Test
  void only_commands_leased_to_the_session_can_be_returned() {
    fixture.submit("a");
    List<Command> given = poller.fetch();
    answer(poller.says(given.getFirst().id(), State.ACCEPTED));
    poller.giveBack(given);
    assertThat(fixture.get(given.getFirst().id()).state()).isEqualTo(State.ACCEPTED);

    TestConnection line = fixture.connect(DEVICE);
    Command other = fixture.submit("b");
    poller.giveBack(List.of(other));

    assertThat(line.names()).containsExactly("b");
    assertThat(fixture.get(other.id()).state()).isEqualTo(State.SENT);
  }

  @Test
  void a_scheduled_command_reaches_the_held_poll_when_it_is_due() {
    long later = fixture.clock.get() + 10_000;
    CommandRequest held =
        new CommandRequest("held", "{}", Duration.ofMinutes(1), later, null, null, null);
    Command made = answer(fixture.commands().submit(DEVICE, held, "ann"));
    Waiting waiting = poller.waits();
    assertThat(made.expectedBy()).isNull();

    fixture.pass(Duration.ofMillis(9_999));
    assertThat(waiting.isOver()).isFalse();
    fixture.pass(Duration.ofMillis(1));
    assertThat(waiting.names()).containsExactly("held");
  }

  @Test
  void pending_commands_are_announced_to_the_device() {
    long later = fixture.clock.get() + 10_000;
    CommandRequest held =
        new CommandRequest("held", "{}", Duration.ofMinutes(1), later, null, null, null);
    assertThat(backlog()).isEqualTo(new Backlog(0, 0));
    answer(fixture.commands().submit(DEVICE, held, "ann"));
    List.of("a", "b").forEach(fixture::submit);

    poller.fetch(1);
    assertThat(backlog()).isEqualTo(new Backlog(1, later));

    poller.fetch();
    fixture.pass(Duration.ofSeconds(10));
    assertThat(backlog()).isEqualTo(new Backlog(1, 0));
  }

  private Backlog backlog() {
    return answer(fixture.commands().backlog(DEVICE));
  }

  @Test
  void a_delivered_command_cannot_be_cancelled() {
    Command made = fixture.submit("a");
    poller.fetch();

    assertThat(refusal(fixture.commands().cancel(made.id(), "ann")).kind())
        .isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void a_command_for_a_poller_is_expected_now_if_a_poll_is_held_else_as_planned() {
    Session session =
        answer(fixture.sessions().open(DEVICE, Transport.HTTP, "10.0.0.7", cause -> {}));
    TestPoller planned = new TestPoller(session, fixture.commands());
    planned.fetch();
    long next = fixture.clock.get() + 60_000;
    fixture.sessions().markAsleep(session, next);
    assertThat(fixture.submit("later").expectedBy()).isEqualTo(next);

    planned.fetch();
    fixture.sessions().markAwake(session);
    planned.waits();
    assertThat(fixture.submit("now").expectedBy()).isEqualTo(fixture.clock.get());
  }

  @Test
  void a_replaced_sessions_poll_is_refused_as_replaced() {
    TestPoller newer = fixture.poller(DEVICE);
    newer.fetch();

    assertThat(
            refusal(fixture.commands().fetch(poller.session(), 1, TestPoller.LEASE, Receipt.ALL))
                .kind())
        .isEqualTo(ErrorCode.CONFLICT);
    assertThat(
            refusal(
                    fixture
                        .commands()
                        .awaitCommands(
                            poller.session(),
                            1,
                            TestPoller.LEASE,
                            Receipt.ALL,
                            new ArrayList<>()::addAll))
                .kind())
        .isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void a_failing_poll_affects_no_other_and_its_command_returns_after_the_lease() {
    Command made = fixture.submit("a");
    answer(
        fixture
            .commands()
            .awaitCommands(
                poller.session(),
                1,
                TestPoller.LEASE,
                Receipt.ALL,
                commands -> {
                  throw new IllegalStateException("the connection is gone");
                }));

    assertThat(fixture.get(made.id()).state()).isEqualTo(State.SENT);
    fixture.pass(TestPoller.LEASE);
    assertThat(fixture.get(made.id()).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void on_a_full_disk_a_poll_is_refused_and_nothing_is_delivered() {
    Command made = fixture.submit("a");
    fixture.diskFull.set(true);
    Waiting waiting = Waiting.begin();

    assertThat(
            refusal(fixture.commands().fetch(poller.session(), 1, TestPoller.LEASE, Receipt.ALL))
                .kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    Future<Void> held =
        fixture
            .commands()
            .awaitCommands(poller.session(), 1, TestPoller.LEASE, Receipt.ALL, waiting.poll());
    assertThat(refusal(held).kind()).isEqualTo(ErrorCode.UNAVAILABLE);

    fixture.diskFull.set(false);
    fixture.pass(Duration.ofSeconds(2));
    assertThat(waiting.isOver()).isFalse();
    assertThat(fixture.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(poller.names()).containsExactly("a");
  }

  @Test
  void no_memory_is_kept_for_a_poller_whose_session_has_ended() {
    fixture.submit("a");
    poller.fetch();
    assertThat(fixture.mailboxes()).isEqualTo(1);

    poller.detach("overdue");

    assertThat(fixture.mailboxes()).isZero();
  }
}
