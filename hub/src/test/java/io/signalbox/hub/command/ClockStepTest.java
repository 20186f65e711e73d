package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.waiting.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the wall clock while commands are on their way. */
class ClockStepTest {
  private static final Duration TTL = Duration.ofMinutes(5);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final long HOUR = 3_600_000;
  private static final long YEARS = 20_000L * 24 * HOUR;

  @AutoClose private final Workshop workshop;

  ClockStepTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, Workshop.SETTINGS);
  }

  private Command submit(@Nullable Long notBefore) {
    NewCommand request = new NewCommand("start", "{}", TTL, notBefore, null, null, null);
    return answer(workshop.commands().submit(DEVICE, request, "ann"));
  }

  private State state(Command command) {
    return workshop.get(command.id()).state();
  }

  private void step(long millis) {
    workshop.clock.stepWall(millis);
    workshop.tick();
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, -YEARS, YEARS, -2_000, 2_000})
  void a_command_lives_as_long_as_it_was_meant_to_when_the_wall_clock_steps(long step) {
    Command made = submit(null);
    workshop.pass(Duration.ofMinutes(2));
    step(step);
    workshop.pass(Duration.ofMinutes(3).minus(MILLI));
    assertThat(state(made)).isEqualTo(State.QUEUED);

    workshop.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_command_lives_as_long_as_it_was_meant_to_when_the_clock_goes_ahead_and_back() {
    Command made = submit(null);
    step(2 * HOUR);
    workshop.pass(Duration.ofMinutes(4));
    step(-2 * HOUR);
    assertThat(state(made)).isEqualTo(State.QUEUED);

    workshop.pass(Duration.ofMinutes(1));

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, YEARS})
  void a_restart_after_a_step_finds_the_time_that_was_left(long step) {
    Command made = submit(null);
    workshop.pass(Duration.ofMinutes(2));
    step(step);
    workshop.kill();
    assertThat(state(made)).isEqualTo(State.QUEUED);
    workshop.pass(Duration.ofMinutes(3).minus(MILLI));
    assertThat(state(made)).isEqualTo(State.QUEUED);

    workshop.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR})
  void a_lease_lasts_as_long_as_it_was_given_for(long step) {
    Visitor visitor = workshop.visitor(DEVICE);
    Command made = submit(null);
    assertThat(visitor.names()).containsExactly("start");
    workshop.pass(Duration.ofSeconds(10));
    step(step);
    workshop.pass(Visitor.LEASE.minusSeconds(10).minus(MILLI));
    assertThat(state(made)).isEqualTo(State.SENT);

    workshop.pass(MILLI);

    Step last = workshop.get(made.id()).timeline().getLast();
    assertThat(last.state()).isEqualTo(State.QUEUED);
    assertThat(last.because()).isEqualTo("lease over");
  }

  @Test
  void a_lease_goes_on_for_what_was_left_of_it_after_a_step_and_a_kill() {
    Visitor visitor = workshop.visitor(DEVICE);
    Command made = submit(null);
    assertThat(visitor.names()).containsExactly("start");
    step(HOUR);
    workshop.kill();
    workshop.pass(Visitor.LEASE.minus(MILLI));
    assertThat(state(made)).isEqualTo(State.SENT);

    workshop.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.QUEUED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, YEARS})
  void who_waits_is_answered_after_the_time_that_was_asked_for(long step) {
    Command made = submit(null);
    Wait<Command> wait =
        workshop.commands().holdForEnd(workshop.get(made.id()), Duration.ofSeconds(30));
    workshop.quiet();
    step(step);
    workshop.pass(Duration.ofSeconds(30).minus(MILLI));
    assertThat(wait.outcome().isComplete()).isFalse();

    workshop.pass(MILLI);

    assertThat(answer(wait.outcome()).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void a_time_that_a_person_named_follows_the_wall_clock() {
    Visitor visitor = workshop.visitor(DEVICE);
    Command made = submit(workshop.clock.get() + 2 * HOUR);
    step(HOUR);
    workshop.pass(Duration.ofMinutes(59));
    assertThat(visitor.names()).isEmpty();

    workshop.pass(Duration.ofMinutes(1));

    assertThat(visitor.names()).containsExactly("start");
    assertThat(workshop.get(made.id()).expires()).isEqualTo(workshop.clock.get() + TTL.toMillis());
  }

  @Test
  void a_step_over_the_time_that_a_person_named_starts_the_command_with_its_whole_time() {
    Visitor visitor = workshop.visitor(DEVICE);
    Command made = submit(workshop.clock.get() + HOUR);
    step(2 * HOUR);
    assertThat(visitor.names()).containsExactly("start");
    workshop.pass(TTL.minus(MILLI));
    assertThat(state(made).isFinal()).isFalse();

    workshop.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_step_back_before_the_time_that_a_person_named_makes_the_command_wait_for_it_again() {
    Command made = submit(workshop.clock.get() + 1_000);
    workshop.pass(Duration.ofMinutes(1));
    step(-HOUR);
    workshop.pass(Duration.ofMinutes(30));
    assertThat(state(made)).isEqualTo(State.QUEUED);
    Visitor visitor = workshop.visitor(DEVICE);
    assertThat(visitor.names()).isEmpty();

    workshop.pass(Duration.ofMinutes(30));

    assertThat(visitor.names()).containsExactly("start");
  }

  @Test
  void what_a_hub_that_starts_before_its_time_finds_is_judged_when_it_knows_what_time_it_is() {
    Command before = submit(null);
    // The board has no battery: it starts in the past, and is set right a minute later.
    workshop.clock.stepWall(-YEARS);
    workshop.restart();
    Command since = submit(null);
    workshop.pass(Duration.ofMinutes(1));
    assertThat(state(before)).isEqualTo(State.QUEUED);

    step(YEARS + Duration.ofDays(1).toMillis());

    assertThat(state(before)).isEqualTo(State.EXPIRED);
    assertThat(state(since)).isEqualTo(State.QUEUED);
    workshop.pass(Duration.ofMinutes(4));
    assertThat(state(since)).isEqualTo(State.EXPIRED);
  }

  @Test
  void timelines_never_go_back_and_ids_keep_their_order() {
    Visitor visitor = workshop.visitor(DEVICE);
    Command first = submit(null);
    step(-HOUR);
    assertThat(visitor.names()).containsExactly("start");
    Command second = submit(null);

    List<Long> times = workshop.get(first.id()).timeline().stream().map(Step::ts).toList();
    assertThat(times).isSorted();
    assertThat(second.id()).isGreaterThan(first.id());
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, YEARS})
  void a_repeated_request_is_recognised_after_a_step(long step) {
    NewCommand request = new NewCommand("start", "{}", TTL, null, null, null, "key");
    Command first = answer(workshop.commands().submit(DEVICE, request, "ann"));
    step(step);

    Command again = answer(workshop.commands().submit(DEVICE, request, "ann"));

    assertThat(again.id()).isEqualTo(first.id());
  }

  @Test
  void a_clock_that_is_a_year_ahead_for_a_while_forgets_nothing() {
    Command made = submit(null);
    workshop.pass(TTL);
    assertThat(state(made)).isEqualTo(State.EXPIRED);

    step(Duration.ofDays(365).toMillis());
    workshop.pass(Duration.ofMinutes(2));
    workshop.pass(Duration.ofMinutes(2));
    step(-Duration.ofDays(365).toMillis());

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_disk_that_is_full_during_a_step_neither_shortens_nor_lengthens_a_life() {
    Command made = submit(null);
    workshop.diskFull.set(true);
    step(2 * HOUR);
    workshop.pass(Duration.ofMinutes(4));
    workshop.diskFull.set(false);
    workshop.pass(Duration.ofSeconds(10));
    assertThat(state(made)).isEqualTo(State.QUEUED);

    workshop.pass(Duration.ofSeconds(50));

    assertThat(state(made)).isEqualTo(State.EXPIRED);
    assertThat(workshop.get(made.id()).timeline().getLast().ts()).isEqualTo(workshop.clock.get());
  }
}
