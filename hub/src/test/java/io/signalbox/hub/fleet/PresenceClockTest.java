package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Transport;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock is set while devices connect and disconnect. */
class PresenceClockTest {
  private static final long MINUTE = 60_000;
  private static final long DAY = 24 * 60 * MINUTE;

  @TempDir private Path directory;
  private FleetFixture fixture;
  private Session session;

  @BeforeEach
  void open() {
    fixture = new FleetFixture(directory);
    fixture.clock.set(Duration.ofDays(20_000).toMillis());
    fixture.register("a");
    session = open("a");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Session open(String device) {
    return answer(fixture.sessions.open(device, Transport.HTTP, "10.0.0.7", cause -> {}));
  }

  private void rest() {
    fixture.sessions.markAsleep(session, fixture.clock.get() + MINUTE);
  }

  private void pass(long millis) {
    for (long gone = 0; gone < millis; gone += 10_000) {
      fixture.clock.advance(Math.min(10_000, millis - gone));
      fixture.sessions.sweep();
    }
  }

  private Presence presence() {
    return fixture.sessions.presence().of("a");
  }

  @ParameterizedTest
  @ValueSource(longs = {DAY, -DAY, 2 * MINUTE, -2 * MINUTE})
  void a_poller_is_missed_after_its_interval_however_the_clock_steps(long step) {
    rest();
    fixture.clock.stepWall(step);
    fixture.sessions.sweep();
    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    assertThat(presence().expected()).isEqualTo(fixture.clock.get() + MINUTE);

    pass(MINUTE + 15_000);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    pass(1_000);

    assertThat(presence().state()).isEqualTo(State.OVERDUE);
  }

  @Test
  void steps_of_a_day_ahead_and_back_do_not_move_the_plan_of_a_poller() {
    fixture.clock.stepWall(DAY);
    rest();
    fixture.sessions.sweep();
    fixture.clock.stepWall(-DAY);
    fixture.sessions.sweep();

    assertThat(presence().expected()).isEqualTo(fixture.clock.get() + MINUTE);
    pass(MINUTE + 16_000);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
  }

  @Test
  void a_restart_after_a_step_restores_the_plan_in_new_wall_time() {
    rest();
    fixture.sessions.sweep();
    fixture.clock.stepWall(-DAY);
    fixture.sessions.sweep();

    fixture.restart();

    assertThat(presence().expected()).isEqualTo(fixture.clock.get() + MINUTE);
  }

  @Test
  void a_last_poll_in_the_future_is_expected_after_its_interval_from_now() {
    rest();
    fixture.sessions.close();
    fixture.clock.stepWall(-DAY);

    fixture.restart();

    assertThat(presence().expected()).isEqualTo(fixture.clock.get() + MINUTE);
  }

  @Test
  void a_device_that_connects_after_a_step_back_counts_as_seen() {
    fixture.clock.stepWall(-DAY);
    Session again = open("a");

    Presence presence = fixture.sessions.presence().of(answer(fixture.registry.get("a")));

    assertThat(presence.state()).isEqualTo(State.ONLINE);
    assertThat(presence.session()).isEqualTo(again.epoch());
  }

  @Test
  void a_contested_claim_waits_as_long_as_announced() {
    while (secondsToWait() == 0) {
      fixture.clock.advance(100);
    }
    fixture.clock.stepWall(-DAY);
    int seconds = secondsToWait();
    assertThat(seconds).isBetween(1, 30);

    fixture.clock.advance(seconds * 1_000L);

    assertThat(secondsToWait()).isZero();
  }

  private int secondsToWait() {
    try {
      answer(fixture.sessions.open("a", Transport.HTTP, "10.0.0.8", cause -> {}));
      return 0;
    } catch (Refusal tooSoon) {
      return tooSoon.retryAfter();
    }
  }
}
