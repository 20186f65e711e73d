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

/** What a device makes known of commands that it was given before, and what it gets by that. */
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

  /** Another stream of the session of somebody who polls, or has a stream. */
  private TestConnection stream(Session session, Receipt receipt) {
    TestConnection line = new TestConnection(session, fixture.commands());
    fixture.commands().attach(session, receipt, line.delivered()::add);
    fixture.quiet();
    return line;
  }

  @Test
  void what_a_poll_does_not_name_has_not_come_and_comes_again_at_once_before_what_is_newer() {
    Command lost = fixture.submit("lost");
    assertThat(poller.names(NONE)).containsExactly("lost");
    fixture.submit("newer");

    assertThat(poller.names(NONE)).containsExactly("lost", "newer");
    assertThat(fixture.get(lost.id()).timeline().get(2).reason())
        .isEqualTo("the next poll did not name it as received");
  }

  @Test
  void what_a_poll_does_not_name_comes_again_also_when_there_is_nothing_newer() {
    fixture.submit("lost");
    poller.names(NONE);

    assertThat(poller.names(NONE)).containsExactly("lost");
    assertThat(poller.waits(NONE).names()).containsExactly("lost");
  }

  @Test
  void what_a_poll_names_is_with_the_device_and_comes_no_second_time() {
    Command named = fixture.submit("named");
    poller.names(NONE);
    fixture.submit("newer");

    assertThat(poller.names(received(named))).containsExactly("newer");
    assertThat(last(named).state()).isEqualTo(State.SENT);
    answer(poller.says(named.id(), State.SUCCEEDED));
  }

  @Test
  void what_is_named_time_and_again_outlasts_its_lease() {
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
    assertThat(last(named).reason()).isEqualTo("lease over");
  }

  @Test
  void what_is_named_and_was_taken_back_is_with_the_device_again_and_not_given_twice() {
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
  void what_is_named_takes_nothing_from_the_number_of_commands_that_a_poll_wants() {
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
  void what_is_named_but_was_never_handed_out_is_given_all_the_same() {
    Command never = fixture.submit("never");

    assertThat(poller.names(received(never))).containsExactly("never");
  }

  @Test
  void when_nothing_is_known_what_may_be_lost_goes_again_before_what_is_newer() {
    fixture.submit("a");
    poller.names(Receipt.UNKNOWN);
    assertThat(poller.names(Receipt.UNKNOWN)).as("nothing is newer").isEmpty();
    fixture.submit("b");

    assertThat(poller.names(Receipt.UNKNOWN)).containsExactly("a", "b");
    assertThat(poller.names(Receipt.UNKNOWN)).isEmpty();
  }

  @Test
  void when_nothing_is_known_a_poll_that_waits_is_woken_with_both() {
    fixture.submit("a");
    poller.names(Receipt.UNKNOWN);
    Waiting waiting = poller.waits(Receipt.UNKNOWN);
    assertThat(waiting.isOver()).isFalse();

    fixture.submit("b");
    fixture.quiet();

    assertThat(waiting.names()).containsExactly("a", "b");
  }

  @Test
  void when_nothing_is_known_and_there_is_no_room_for_both_the_newer_one_waits() {
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
  void what_was_lost_when_the_hub_was_killed_comes_again_at_once_in_order() {
    fixture.submit("lost");
    poller.names(NONE);
    fixture.kill();
    fixture.submit("newer");

    TestPoller again = fixture.again(poller);
    assertThat(again.names(NONE)).containsExactly("lost", "newer");
  }

  @Test
  void another_stream_of_the_session_gets_first_what_the_one_before_has_not_answered() {
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
  void another_stream_gets_what_the_one_before_has_not_answered_also_after_a_full_disk() {
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
  void a_stream_gets_first_what_its_session_was_given_on_polls_and_does_not_name() {
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
  void a_poll_gets_first_what_a_stream_of_its_session_has_not_answered() {
    stream(poller.session(), Receipt.UNKNOWN);
    fixture.submit("a");
    fixture.quiet();
    fixture.submit("b");

    assertThat(poller.names(Receipt.ALL)).containsExactly("a", "b");
  }

  @Test
  void what_was_handed_out_once_more_is_not_taken_back_by_the_failure_of_the_answer_before() {
    Command made = fixture.submit("a");
    List<Command> first = poller.fetch();
    assertThat(poller.names(NONE)).containsExactly("a");

    poller.giveBack(first);

    assertThat(last(made).state()).isEqualTo(State.SENT);
  }
}
