package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.command.TestPoller.Waiting;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts of earlier deliveries, and the redeliveries that follow from them. */
class CommandReceiptsTest {
  private static final Receipt NONE = new Receipt.Of(Set.of());

  @AutoClose private final CommandFixture fixture;
  private final TestPoller poller;

  CommandReceiptsTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, new CommandSettings(5, 4, 1_000, Duration.ofDays(30)));
    poller = fixture.poller(DEVICE);
  }

  private static Receipt received(Command... commands) {
    return new Receipt.Of(Set.copyOf(Arrays.stream(commands).map(Command::id).toList()));
  }

  private Step last(Command command) {
    return fixture.get(command.id()).timeline().getLast();
  }

  /** Another stream of a session that polls or has a stream. */
  private TestConnection stream(Session session, Receipt receipt) {
    TestConnection line = new TestConnection(session, fixture.commands());
    fixture.commands().attach(session, receipt, line.delivered()::add);
    fixture.quiet();
    return line;
  }

  @Test
  void unconfirmed_commands_are_redelivered_at_once_before_newer_ones() {
    Command lost = fixture.submit("lost");
    assertThat(poller.names(NONE)).containsExactly("lost");
    fixture.submit("newer");

    assertThat(poller.names(NONE)).containsExactly("lost", "newer");
    assertThat(fixture.get(lost.id()).timeline().get(2).reason())
        .isEqualTo("the next poll did not confirm it");
  }

  @Test
  void unconfirmed_commands_are_redelivered_without_newer_ones_too() {
    fixture.submit("lost");
    poller.names(NONE);

    assertThat(poller.names(NONE)).containsExactly("lost");
    assertThat(poller.waits(NONE).names()).containsExactly("lost");
  }

  @Test
  void confirmed_commands_are_not_redelivered() {
    Command named = fixture.submit("named");
    poller.names(NONE);
    fixture.submit("newer");

    assertThat(poller.names(received(named))).containsExactly("newer");
    assertThat(last(named).state()).isEqualTo(State.SENT);
    answer(poller.says(named.id(), State.SUCCEEDED));
  }

  @Test
  void repeated_receipts_extend_a_lease() {
    Command named = fixture.submit("named");
    poller.names(NONE);
    for (int poll = 0; poll < 5; poll++) {
      fixture.pass(TestPoller.LEASE.dividedBy(2));
      assertThat(poller.names(received(named))).isEmpty();
    }
    Waiting waiting = poller.waits(received(named));
    fixture.pass(Duration.ofMinutes(1));
    assertThat(waiting.isOver()).isFalse();
    poller.release(waiting);
    assertThat(fixture.get(named.id()).version()).isEqualTo(2);

    fixture.pass(TestPoller.LEASE);
    assertThat(last(named).reason()).isEqualTo("lease-expired");
  }

  @Test
  void a_confirmed_command_that_was_requeued_is_sent_again_without_redelivery() {
    TestConnection connection = fixture.connect(DEVICE);
    Command begun = fixture.submit("begun");
    connection.detach("lost");
    assertThat(last(begun).state()).isEqualTo(State.QUEUED);
    TestPoller later = fixture.poller(DEVICE);

    assertThat(later.names(received(begun))).isEmpty();

    assertThat(last(begun).state()).isEqualTo(State.SENT);
    assertThat(last(begun).session()).isEqualTo(later.session().epoch());
    answer(later.says(begun.id(), State.SUCCEEDED));
  }

  @Test
  void confirmed_commands_do_not_count_against_the_limit_of_a_poll() {
    TestConnection stream = stream(poller.session(), Receipt.UNKNOWN);
    Command a = fixture.submit("a");
    Command b = fixture.submit("b");
    fixture.quiet();
    assertThat(stream.names()).containsExactly("a", "b");
    fixture.submit("c");
    stream.delivered().clear();

    assertThat(poller.names(1, received(a, b))).containsExactly("c");
    assertThat(last(a).state()).isEqualTo(State.SENT);
    assertThat(last(b).state()).isEqualTo(State.SENT);
  }

  @Test
  void a_command_confirmed_before_its_delivery_is_still_delivered() {
    Command never = fixture.submit("never");

    assertThat(poller.names(received(never))).containsExactly("never");
  }

  @Test
  void without_receipts_possibly_lost_commands_precede_newer_ones() {
    fixture.submit("a");
    poller.names(Receipt.UNKNOWN);
    assertThat(poller.names(Receipt.UNKNOWN)).as("nothing is newer").isEmpty();
    fixture.submit("b");

    assertThat(poller.names(Receipt.UNKNOWN)).containsExactly("a", "b");
    assertThat(poller.names(Receipt.UNKNOWN)).isEmpty();
  }

  @Test
  void without_receipts_a_held_poll_gets_both() {
    fixture.submit("a");
    poller.names(Receipt.UNKNOWN);
    Waiting waiting = poller.waits(Receipt.UNKNOWN);
    assertThat(waiting.isOver()).isFalse();

    fixture.submit("b");
    fixture.quiet();

    assertThat(waiting.names()).containsExactly("a", "b");
  }

  @Test
  void without_receipts_and_without_capacity_for_both_the_newer_one_waits() {
    Command doubtful = fixture.submit("a");
    fixture.submit("b");
    assertThat(poller.names(1, Receipt.UNKNOWN)).containsExactly("a");
    assertThat(poller.names(1, Receipt.UNKNOWN)).isEmpty();
    assertThat(poller.names(2, Receipt.UNKNOWN)).containsExactly("a", "b");

    fixture.submit("c");
    assertThat(poller.names(2, Receipt.UNKNOWN)).isEmpty();
    answer(poller.says(doubtful.id(), State.ACCEPTED));
    assertThat(poller.names(2, Receipt.UNKNOWN)).containsExactly("b", "c");
  }

  @Test
  void confirmed_commands_are_not_sent_again() {
    fixture.submit("a");
    poller.names(Receipt.UNKNOWN);
    fixture.submit("b");

    assertThat(poller.names(Receipt.ALL)).containsExactly("b");
  }

  @Test
  void commands_lost_in_a_kill_are_redelivered_at_once_in_order() {
    fixture.submit("lost");
    poller.names(NONE);
    fixture.kill();
    fixture.submit("newer");

    TestPoller again = fixture.again(poller);
    assertThat(again.names(NONE)).containsExactly("lost", "newer");
  }

  @Test
  void another_stream_of_the_session_first_gets_the_unanswered_commands_of_the_previous_one() {
    TestConnection dead = stream(poller.session(), Receipt.UNKNOWN);
    fixture.submit("a");
    Command done = fixture.submit("b");
    fixture.submit("c");
    assertThat(dead.names()).containsExactly("a", "b", "c");
    answer(dead.says(done.id(), State.SUCCEEDED));

    TestConnection alive = stream(poller.session(), Receipt.UNKNOWN);
    fixture.submit("d");
    fixture.quiet();

    assertThat(alive.names()).containsExactly("a", "c", "d");
    assertThat(dead.names()).containsExactly("a", "b", "c");
  }

  @Test
  void another_stream_gets_the_unanswered_commands_of_the_previous_one_after_a_full_disk_too() {
    stream(poller.session(), Receipt.UNKNOWN);
    fixture.submit("a");
    fixture.diskFull.set(true);
    TestConnection alive = stream(poller.session(), Receipt.UNKNOWN);
    assertThat(alive.names()).isEmpty();

    fixture.diskFull.set(false);
    fixture.pass(Duration.ofSeconds(2));
    fixture.submit("b");
    fixture.quiet();

    assertThat(alive.names()).containsExactly("a", "b");
  }

  @Test
  void a_stream_first_gets_unconfirmed_commands_of_earlier_polls() {
    Command named = fixture.submit("named");
    fixture.submit("lost");
    poller.names(NONE);

    TestConnection stream = stream(poller.session(), received(named));
    fixture.submit("newer");
    fixture.pass(TestPoller.LEASE.multipliedBy(2));

    assertThat(stream.names()).containsExactly("lost", "newer");
    assertThat(last(named).state()).isEqualTo(State.SENT);
    stream.detach("closed");
    assertThat(last(named).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void a_poll_first_gets_the_unanswered_commands_of_a_stream_of_its_session() {
    stream(poller.session(), Receipt.UNKNOWN);
    fixture.submit("a");
    fixture.quiet();
    fixture.submit("b");

    assertThat(poller.names(Receipt.ALL)).containsExactly("a", "b");
  }

  @Test
  void a_redelivered_command_is_not_requeued_by_the_failure_of_the_previous_response() {
    Command made = fixture.submit("a");
    List<Command> first = poller.fetch();
    assertThat(poller.names(NONE)).containsExactly("a");

    poller.giveBack(first);

    assertThat(last(made).state()).isEqualTo(State.SENT);
  }
}
