package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.Visitor.Waiting;
import io.signalbox.hub.command.Workshop.Line;
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
class ReceiptsTest {
  private static final Receipt NONE = new Receipt.Of(Set.of());

  @AutoClose private final Workshop workshop;
  private final Visitor visitor;

  ReceiptsTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, new CommandSettings(5, 4, 1_000, Duration.ofDays(30)));
    visitor = workshop.visitor(DEVICE);
  }

  private static Receipt received(Command... commands) {
    return new Receipt.Of(Set.copyOf(Arrays.stream(commands).map(Command::id).toList()));
  }

  private Step last(Command command) {
    return workshop.get(command.id()).timeline().getLast();
  }

  /** Another stream of the session of somebody who polls, or has a stream. */
  private Line stream(Session session, Receipt receipt) {
    Line line = new Line(session, workshop.commands());
    workshop.commands().attach(session, receipt, line.delivered()::add);
    workshop.quiet();
    return line;
  }

  @Test
  void what_a_poll_does_not_name_has_not_come_and_comes_again_at_once_before_what_is_newer() {
    Command lost = workshop.submit("lost");
    assertThat(visitor.names(NONE)).containsExactly("lost");
    workshop.submit("newer");

    assertThat(visitor.names(NONE)).containsExactly("lost", "newer");
    assertThat(workshop.get(lost.id()).timeline().get(2).because())
        .isEqualTo("the next poll did not name it as received");
  }

  @Test
  void what_a_poll_does_not_name_comes_again_also_when_there_is_nothing_newer() {
    workshop.submit("lost");
    visitor.names(NONE);

    assertThat(visitor.names(NONE)).containsExactly("lost");
    assertThat(visitor.waits(NONE).names()).containsExactly("lost");
  }

  @Test
  void what_a_poll_names_is_with_the_device_and_comes_no_second_time() {
    Command named = workshop.submit("named");
    visitor.names(NONE);
    workshop.submit("newer");

    assertThat(visitor.names(received(named))).containsExactly("newer");
    assertThat(last(named).state()).isEqualTo(State.SENT);
    answer(visitor.says(named.id(), State.SUCCEEDED));
  }

  @Test
  void what_is_named_time_and_again_outlasts_its_lease() {
    Command named = workshop.submit("named");
    visitor.names(NONE);
    for (int poll = 0; poll < 5; poll++) {
      workshop.pass(Visitor.LEASE.dividedBy(2));
      assertThat(visitor.names(received(named))).isEmpty();
    }
    Waiting waiting = visitor.waits(received(named));
    workshop.pass(Duration.ofMinutes(1));
    assertThat(waiting.isOver()).isFalse();
    visitor.release(waiting);
    assertThat(workshop.get(named.id()).version()).isEqualTo(2);

    workshop.pass(Visitor.LEASE);
    assertThat(last(named).because()).isEqualTo("lease over");
  }

  @Test
  void what_is_named_and_was_taken_back_is_with_the_device_again_and_not_given_twice() {
    Line connection = workshop.connect(DEVICE);
    Command begun = workshop.submit("begun");
    connection.detach("lost");
    assertThat(last(begun).state()).isEqualTo(State.QUEUED);
    Visitor later = workshop.visitor(DEVICE);

    assertThat(later.names(received(begun))).isEmpty();

    assertThat(last(begun).state()).isEqualTo(State.SENT);
    assertThat(last(begun).session()).isEqualTo(later.session().epoch());
    answer(later.says(begun.id(), State.SUCCEEDED));
  }

  @Test
  void what_is_named_takes_nothing_from_the_number_of_commands_that_a_poll_wants() {
    Line stream = stream(visitor.session(), Receipt.UNKNOWN);
    Command a = workshop.submit("a");
    Command b = workshop.submit("b");
    workshop.quiet();
    assertThat(stream.names()).containsExactly("a", "b");
    workshop.submit("c");
    stream.delivered().clear();

    assertThat(visitor.names(1, received(a, b))).containsExactly("c");
    assertThat(last(a).state()).isEqualTo(State.SENT);
    assertThat(last(b).state()).isEqualTo(State.SENT);
  }

  @Test
  void what_is_named_but_was_never_handed_out_is_given_all_the_same() {
    Command never = workshop.submit("never");

    assertThat(visitor.names(received(never))).containsExactly("never");
  }

  @Test
  void when_nothing_is_known_what_may_be_lost_goes_again_before_what_is_newer() {
    workshop.submit("a");
    visitor.names(Receipt.UNKNOWN);
    assertThat(visitor.names(Receipt.UNKNOWN)).as("nothing is newer").isEmpty();
    workshop.submit("b");

    assertThat(visitor.names(Receipt.UNKNOWN)).containsExactly("a", "b");
    assertThat(visitor.names(Receipt.UNKNOWN)).isEmpty();
  }

  @Test
  void when_nothing_is_known_a_poll_that_waits_is_woken_with_both() {
    workshop.submit("a");
    visitor.names(Receipt.UNKNOWN);
    Waiting waiting = visitor.waits(Receipt.UNKNOWN);
    assertThat(waiting.isOver()).isFalse();

    workshop.submit("b");
    workshop.quiet();

    assertThat(waiting.names()).containsExactly("a", "b");
  }

  @Test
  void when_nothing_is_known_and_there_is_no_room_for_both_the_newer_one_waits() {
    Command doubtful = workshop.submit("a");
    workshop.submit("b");
    assertThat(visitor.names(1, Receipt.UNKNOWN)).containsExactly("a");
    assertThat(visitor.names(1, Receipt.UNKNOWN)).isEmpty();
    assertThat(visitor.names(2, Receipt.UNKNOWN)).containsExactly("a", "b");

    workshop.submit("c");
    assertThat(visitor.names(2, Receipt.UNKNOWN)).isEmpty();
    answer(visitor.says(doubtful.id(), State.ACCEPTED));
    assertThat(visitor.names(2, Receipt.UNKNOWN)).containsExactly("b", "c");
  }

  @Test
  void what_came_for_certain_goes_no_second_time() {
    workshop.submit("a");
    visitor.names(Receipt.UNKNOWN);
    workshop.submit("b");

    assertThat(visitor.names(Receipt.ALL)).containsExactly("b");
  }

  @Test
  void what_was_lost_when_the_hub_was_killed_comes_again_at_once_in_order() {
    workshop.submit("lost");
    visitor.names(NONE);
    workshop.kill();
    workshop.submit("newer");

    Visitor again = workshop.again(visitor);
    assertThat(again.names(NONE)).containsExactly("lost", "newer");
  }

  @Test
  void another_stream_of_the_session_gets_first_what_the_one_before_has_not_answered() {
    Line dead = stream(visitor.session(), Receipt.UNKNOWN);
    workshop.submit("a");
    Command done = workshop.submit("b");
    workshop.submit("c");
    assertThat(dead.names()).containsExactly("a", "b", "c");
    answer(dead.says(done.id(), State.SUCCEEDED));

    Line alive = stream(visitor.session(), Receipt.UNKNOWN);
    workshop.submit("d");
    workshop.quiet();

    assertThat(alive.names()).containsExactly("a", "c", "d");
    assertThat(dead.names()).containsExactly("a", "b", "c");
  }

  @Test
  void another_stream_gets_what_the_one_before_has_not_answered_also_after_a_full_disk() {
    stream(visitor.session(), Receipt.UNKNOWN);
    workshop.submit("a");
    workshop.diskFull.set(true);
    Line alive = stream(visitor.session(), Receipt.UNKNOWN);
    assertThat(alive.names()).isEmpty();

    workshop.diskFull.set(false);
    workshop.pass(Duration.ofSeconds(2));
    workshop.submit("b");
    workshop.quiet();

    assertThat(alive.names()).containsExactly("a", "b");
  }

  @Test
  void a_stream_gets_first_what_its_session_was_given_on_polls_and_does_not_name() {
    Command named = workshop.submit("named");
    workshop.submit("lost");
    visitor.names(NONE);

    Line stream = stream(visitor.session(), received(named));
    workshop.submit("newer");
    workshop.pass(Visitor.LEASE.multipliedBy(2));

    assertThat(stream.names()).containsExactly("lost", "newer");
    assertThat(last(named).state()).isEqualTo(State.SENT);
    stream.detach("closed");
    assertThat(last(named).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void a_poll_gets_first_what_a_stream_of_its_session_has_not_answered() {
    stream(visitor.session(), Receipt.UNKNOWN);
    workshop.submit("a");
    workshop.quiet();
    workshop.submit("b");

    assertThat(visitor.names(Receipt.ALL)).containsExactly("a", "b");
  }

  @Test
  void what_was_handed_out_once_more_is_not_taken_back_by_the_failure_of_the_answer_before() {
    Command made = workshop.submit("a");
    List<Command> first = visitor.fetch();
    assertThat(visitor.names(NONE)).containsExactly("a");

    visitor.giveBack(first);

    assertThat(last(made).state()).isEqualTo(State.SENT);
  }
}
