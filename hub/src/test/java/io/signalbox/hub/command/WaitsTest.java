package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.command.Workshop.eventually;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int MOST = 15_000;

  @TempDir private Path scratch;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(scratch, new CommandSettings(50, 16, MOST, Duration.ofDays(30)));
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  @Test
  void who_waits_for_a_change_hears_of_it_at_once() {
    Command made = workshop.submit("start");
    Future<Command> change = workshop.commands().awaitChange(made.id(), 1, LONG);
    held(1);

    workshop.connect(DEVICE);

    assertThat(answer(change).state()).isEqualTo(State.SENT);
    held(0);
  }

  @Test
  void who_has_not_seen_the_present_state_need_not_wait() {
    Command made = workshop.submit("start");
    workshop.connect(DEVICE);

    assertThat(answer(workshop.commands().awaitChange(made.id(), 1, LONG)).version()).isEqualTo(2);
    held(0);
  }

  @Test
  void who_waits_for_the_end_hears_of_nothing_before() {
    Line line = workshop.connect(DEVICE);
    Command made = workshop.submit("start");
    Future<Command> end = workshop.commands().awaitEnd(made.id(), LONG);
    held(1);

    answer(line.says(made.id(), State.ACCEPTED));
    assertThat(end.isComplete()).isFalse();
    answer(line.says(made.id(), State.SUCCEEDED));

    assertThat(answer(end).state()).isEqualTo(State.SUCCEEDED);
    assertThat(answer(workshop.commands().awaitEnd(made.id(), LONG))).isEqualTo(answer(end));
    assertThat(answer(workshop.commands().awaitChange(made.id(), 9, LONG))).isEqualTo(answer(end));
  }

  @Test
  void when_the_time_is_over_the_answer_is_the_state_as_it_stands() {
    Command made = workshop.submit("start");
    Future<Command> change = workshop.commands().awaitChange(made.id(), 1, Duration.ofSeconds(30));
    held(1);

    workshop.pass(Duration.ofMillis(29_999));
    assertThat(change.isComplete()).isFalse();
    workshop.pass(Duration.ofMillis(1));

    assertThat(answer(change)).isEqualTo(made);
    assertThat(answer(workshop.commands().awaitEnd(made.id(), Duration.ZERO))).isEqualTo(made);
    held(0);
  }

  @Test
  void nobody_waits_for_what_does_not_exist() {
    assertThat(refusal(workshop.commands().awaitEnd("nothing", LONG)).kind())
        .isEqualTo(Kind.UNKNOWN_COMMAND);
    held(0);
  }

  @Test
  void who_goes_away_is_let_go_of() {
    Command made = workshop.submit("start");
    Wait wait = workshop.commands().holdForEnd(made.id(), LONG);
    Future<Command> other = workshop.commands().awaitEnd(made.id(), LONG);
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
            .mapToObj(i -> workshop.commands().awaitEnd(made.get(i % 50).id(), LONG))
            .toList();
    held(MOST);
    assertThat(refusal(workshop.commands().awaitEnd(made.getFirst().id(), LONG)).kind())
        .isEqualTo(Kind.UNAVAILABLE);

    made.forEach(command -> answer(workshop.commands().cancel(command.id(), "ann")));

    eventually(() -> waits.stream().allMatch(Future::succeeded));
    held(0);
  }

  @Test
  void a_held_request_costs_less_than_a_kilobyte() {
    String id = workshop.submit("start").id();
    long before = usedAfterCollection();

    List<Wait> waits =
        IntStream.range(0, MOST)
            .mapToObj(i -> workshop.commands().holdForEnd(new String(id), LONG))
            .toList();
    held(MOST);

    long each = (usedAfterCollection() - before) / MOST;
    System.out.println("EACH " + each);
    assertThat(each).isLessThan(1_024);
    waits.forEach(Wait::giveUp);
    held(0);
  }

  @Test
  void a_hub_that_stops_tells_those_who_wait() {
    Command made = workshop.submit("start");
    Future<Command> end = workshop.commands().awaitEnd(made.id(), LONG);
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
    Wait wait = closed.holdForEnd(made.id(), LONG);
    assertThat(refusal(wait.outcome()).kind()).isEqualTo(Kind.UNAVAILABLE);
    wait.giveUp();
  }

  private static long usedAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void held(int expected) {
    eventually(() -> workshop.held() == expected);
  }
}
