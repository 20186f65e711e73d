package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock is set while commands are in progress. */
class ClockStepTest {
  private static final Duration TTL = Duration.ofMinutes(5);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final long HOUR = 3_600_000;
  private static final long YEARS = 20_000L * 24 * HOUR;

  @AutoClose private final CommandFixture fixture;

  ClockStepTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, CommandFixture.SETTINGS);
  }

  private Command submit(@Nullable Long notBefore) {
    CommandRequest request = new CommandRequest("start", "{}", TTL, notBefore, null, null, null);
    return answer(fixture.commands().submit(DEVICE, request, "ann"));
  }

  private State state(Command command) {
    return fixture.get(command.id()).state();
  }

  private void step(long millis) {
    fixture.clock.stepWall(millis);
    fixture.tick();
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, -YEARS, YEARS, -2_000, 2_000})
  void a_command_keeps_its_time_to_live_when_the_wall_clock_steps(long step) {
    Command made = submit(null);
    fixture.pass(Duration.ofMinutes(2));
    step(step);
    fixture.pass(Duration.ofMinutes(3).minus(MILLI));
    assertThat(state(made)).isEqualTo(State.QUEUED);

    fixture.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_command_keeps_its_time_to_live_when_the_clock_goes_ahead_and_back() {
    Command made = submit(null);
    step(2 * HOUR);
    fixture.pass(Duration.ofMinutes(4));
    step(-2 * HOUR);
    assertThat(state(made)).isEqualTo(State.QUEUED);

    fixture.pass(Duration.ofMinutes(1));

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, YEARS})
  void a_restart_after_a_step_keeps_the_remaining_time(long step) {
    Command made = submit(null);
    fixture.pass(Duration.ofMinutes(2));
    step(step);
    fixture.kill();
    assertThat(state(made)).isEqualTo(State.QUEUED);
    fixture.pass(Duration.ofMinutes(3).minus(MILLI));
    assertThat(state(made)).isEqualTo(State.QUEUED);

    fixture.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR})
  void a_lease_keeps_its_duration_when_the_clock_steps(long step) {
    TestPoller poller = fixture.poller(DEVICE);
    Command made = submit(null);
    assertThat(poller.names()).containsExactly("start");
    fixture.pass(Duration.ofSeconds(10));
    step(step);
    fixture.pass(TestPoller.LEASE.minusSeconds(10).minus(MILLI));
    assertThat(state(made)).isEqualTo(State.SENT);

    fixture.pass(MILLI);

    Step last = fixture.get(made.id()).timeline().getLast();
    assertThat(last.state()).isEqualTo(State.QUEUED);
    assertThat(last.reason()).isEqualTo("lease-expired");
  }

  @Test
  void a_lease_keeps_its_remaining_time_after_a_step_and_a_kill() {
    TestPoller poller = fixture.poller(DEVICE);
    Command made = submit(null);
    assertThat(poller.names()).containsExactly("start");
    step(HOUR);
    fixture.kill();
    fixture.pass(TestPoller.LEASE.minus(MILLI));
    assertThat(state(made)).isEqualTo(State.SENT);

    fixture.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.QUEUED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, YEARS})
  void a_held_request_is_answered_after_its_wait_time(long step) {
    Command made = submit(null);
    HeldRequest<Command> wait =
        fixture.commands().awaitCompletion(fixture.get(made.id()), Duration.ofSeconds(30));
    fixture.quiet();
    step(step);
    fixture.pass(Duration.ofSeconds(30).minus(MILLI));
    assertThat(wait.outcome().isComplete()).isFalse();

    fixture.pass(MILLI);

    assertThat(answer(wait.outcome()).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void not_before_follows_the_wall_clock() {
    TestPoller poller = fixture.poller(DEVICE);
    Command made = submit(fixture.clock.get() + 2 * HOUR);
    step(HOUR);
    fixture.pass(Duration.ofMinutes(59));
    assertThat(poller.names()).isEmpty();

    fixture.pass(Duration.ofMinutes(1));

    assertThat(poller.names()).containsExactly("start");
    assertThat(fixture.get(made.id()).expires()).isEqualTo(fixture.clock.get() + TTL.toMillis());
  }

  @Test
  void a_step_past_not_before_starts_the_command_with_its_full_time_to_live() {
    TestPoller poller = fixture.poller(DEVICE);
    Command made = submit(fixture.clock.get() + HOUR);
    step(2 * HOUR);
    assertThat(poller.names()).containsExactly("start");
    fixture.pass(TTL.minus(MILLI));
    assertThat(state(made).isFinal()).isFalse();

    fixture.pass(MILLI);

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_step_back_before_not_before_makes_the_command_wait_again() {
    Command made = submit(fixture.clock.get() + 1_000);
    fixture.pass(Duration.ofMinutes(1));
    step(-HOUR);
    fixture.pass(Duration.ofMinutes(30));
    assertThat(state(made)).isEqualTo(State.QUEUED);
    TestPoller poller = fixture.poller(DEVICE);
    assertThat(poller.names()).isEmpty();

    fixture.pass(Duration.ofMinutes(30));

    assertThat(poller.names()).containsExactly("start");
  }

  @Test
  void deadlines_restored_with_a_wrong_clock_are_checked_after_the_clock_is_set() {
    Command before = submit(null);
    // A board without a battery starts in the past; its clock is corrected a minute later.
    fixture.clock.stepWall(-YEARS);
    fixture.restart();
    Command since = submit(null);
    fixture.pass(Duration.ofMinutes(1));
    assertThat(state(before)).isEqualTo(State.QUEUED);

    step(YEARS + Duration.ofDays(1).toMillis());

    assertThat(state(before)).isEqualTo(State.EXPIRED);
    assertThat(state(since)).isEqualTo(State.QUEUED);
    fixture.pass(Duration.ofMinutes(4));
    assertThat(state(since)).isEqualTo(State.EXPIRED);
  }

  @Test
  void timelines_never_go_back_and_ids_keep_their_order() {
    TestPoller poller = fixture.poller(DEVICE);
    Command first = submit(null);
    step(-HOUR);
    assertThat(poller.names()).containsExactly("start");
    Command second = submit(null);

    List<Long> times = fixture.get(first.id()).timeline().stream().map(Step::ts).toList();
    assertThat(times).isSorted();
    assertThat(second.id()).isGreaterThan(first.id());
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, YEARS})
  void a_repeated_request_is_recognised_after_a_step(long step) {
    CommandRequest request = new CommandRequest("start", "{}", TTL, null, null, null, "key");
    Command first = answer(fixture.commands().submit(DEVICE, request, "ann"));
    step(step);

    Command again = answer(fixture.commands().submit(DEVICE, request, "ann"));

    assertThat(again.id()).isEqualTo(first.id());
  }

  @Test
  void a_clock_that_is_a_year_ahead_for_a_while_deletes_nothing() {
    Command made = submit(null);
    fixture.pass(TTL);
    assertThat(state(made)).isEqualTo(State.EXPIRED);

    step(Duration.ofDays(365).toMillis());
    fixture.pass(Duration.ofMinutes(2));
    fixture.pass(Duration.ofMinutes(2));
    step(-Duration.ofDays(365).toMillis());

    assertThat(state(made)).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_full_disk_during_a_clock_step_does_not_change_a_commands_lifetime() {
    Command made = submit(null);
    fixture.diskFull.set(true);
    step(2 * HOUR);
    fixture.pass(Duration.ofMinutes(4));
    fixture.diskFull.set(false);
    fixture.pass(Duration.ofSeconds(10));
    assertThat(state(made)).isEqualTo(State.QUEUED);

    fixture.pass(Duration.ofSeconds(50));

    assertThat(state(made)).isEqualTo(State.EXPIRED);
    assertThat(fixture.get(made.id()).timeline().getLast().ts()).isEqualTo(fixture.clock.get());
  }
}
