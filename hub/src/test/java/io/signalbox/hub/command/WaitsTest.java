package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.waiting.Wait;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int MOST = 15_000;

  @AutoClose private final Workshop workshop;

  WaitsTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, new CommandSettings(50, 16, MOST, Duration.ofDays(30)));
  }

  @Test
  void who_waits_for_a_change_hears_of_it_at_once() {
    Command made = workshop.submit("start");
    Future<Command> change = workshop.commands().holdForNews(made.id(), seen(1), LONG).outcome();
    held(1);

    workshop.connect(DEVICE);

    assertThat(answer(change).state()).isEqualTo(State.SENT);
    held(0);
  }

  @Test
  void who_has_not_seen_the_present_state_need_not_wait() {
    Command made = workshop.submit("start");
    workshop.connect(DEVICE);

    assertThat(
            answer(workshop.commands().holdForNews(made.id(), seen(1), LONG).outcome()).version())
        .isEqualTo(2);
    held(0);
  }

  @Test
  void who_waits_for_the_end_hears_of_nothing_before() {
    Line line = workshop.connect(DEVICE);
    Command made = workshop.submit("start");
    Future<Command> end = workshop.commands().holdForEnd(made, LONG).outcome();
    held(1);

    answer(line.says(made.id(), State.ACCEPTED));
    assertThat(end.isComplete()).isFalse();
    answer(line.says(made.id(), State.SUCCEEDED));

    assertThat(answer(end).state()).isEqualTo(State.SUCCEEDED);
    assertThat(answer(workshop.commands().holdForEnd(made, LONG).outcome())).isEqualTo(answer(end));
    assertThat(answer(workshop.commands().holdForNews(made.id(), seen(9), LONG).outcome()))
        .isEqualTo(answer(end));
  }

  @Test
  void when_the_time_is_over_the_answer_is_the_state_as_it_stands() {
    Command made = workshop.submit("start");
    Future<Command> change =
        workshop.commands().holdForNews(made.id(), seen(1), Duration.ofSeconds(30)).outcome();
    held(1);

    workshop.pass(Duration.ofMillis(29_999));
    assertThat(change.isComplete()).isFalse();
    workshop.pass(Duration.ofMillis(1));

    assertThat(answer(change)).isEqualTo(made);
    assertThat(answer(workshop.commands().holdForEnd(made, Duration.ZERO).outcome()))
        .isEqualTo(made);
    held(0);
  }

  @Test
  void nobody_waits_for_what_does_not_exist() {
    assertThat(refusal(workshop.commands().holdForNews("nothing", seen(1), LONG).outcome()).kind())
        .isEqualTo(Kind.UNKNOWN_COMMAND);
    held(0);
  }

  @Test
  void who_goes_away_is_let_go_of() {
    Command made = workshop.submit("start");
    Wait<Command> wait = workshop.commands().holdForEnd(made, LONG);
    Future<Command> other = workshop.commands().holdForEnd(made, LONG).outcome();
    held(2);

    wait.giveUp();
    wait.giveUp();

    held(1);
    assertThat(refusal(wait.outcome()).kind()).isEqualTo(Kind.UNAVAILABLE);
    answer(workshop.commands().cancel(made.id(), "ann"));
    assertThat(answer(other).state()).isEqualTo(State.CANCELLED);
  }

  @Test
  void fifteen_thousand_wait_and_are_all_answered_and_one_more_is_refused() {
    List<Command> made = IntStream.range(0, 50).mapToObj(i -> workshop.submit("c" + i)).toList();
    List<Future<Command>> waits =
        IntStream.range(0, MOST)
            .mapToObj(i -> workshop.commands().holdForEnd(made.get(i % 50), LONG).outcome())
            .toList();
    held(MOST);
    assertThat(refusal(workshop.commands().holdForEnd(made.getFirst(), LONG).outcome()).kind())
        .isEqualTo(Kind.UNAVAILABLE);

    made.forEach(command -> answer(workshop.commands().cancel(command.id(), "ann")));

    await().until(() -> waits.stream().allMatch(Future::succeeded));
    held(0);
  }

  @Test
  void a_held_request_costs_less_than_a_kilobyte() {
    String id = workshop.submit("start").id();
    long before = usedAfterCollection();

    List<Wait<Command>> waits =
        IntStream.range(0, MOST)
            .mapToObj(i -> workshop.commands().holdForNews(new String(id), seen(1), LONG))
            .toList();
    held(MOST);

    // What other threads of this JVM leave behind for a moment is not the requests'.
    await()
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat((usedAfterCollection() - before) / MOST).isLessThan(1_024));
    waits.forEach(Wait::giveUp);
    held(0);
  }

  @Test
  void a_hub_that_stops_tells_those_who_wait() {
    Command made = workshop.submit("start");
    Future<Command> end = workshop.commands().holdForEnd(made, LONG).outcome();
    held(1);

    workshop.restart();

    assertThat(refusal(end).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void a_room_that_is_closed_refuses_everything() {
    Command made = workshop.submit("start");
    Commands closed = workshop.commands();
    workshop.restart();

    assertThat(refusal(closed.submit(DEVICE, Workshop.request("x"), "ann")).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    Wait<Command> wait = closed.holdForEnd(made, LONG);
    assertThat(refusal(wait.outcome()).kind()).isEqualTo(Kind.UNAVAILABLE);
    wait.giveUp();
  }

  private static Predicate<Command> seen(int version) {
    return command -> command.version() <= version;
  }

  private static long usedAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void held(int expected) {
    await().until(() -> workshop.held() == expected);
  }
}
