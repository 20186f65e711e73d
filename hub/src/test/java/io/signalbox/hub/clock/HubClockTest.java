package io.signalbox.hub.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HubClockTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long NOW = 1_700_000_000_000L;

  private final ManualClock clock = new ManualClock(NOW);

  @Test
  void wall_time_advances_with_monotonic_time_until_a_check_detects_a_step() {
    clock.setWallUnnoticed(-HOUR);
    clock.advance(10);

    assertThat(clock.wallMillis()).isEqualTo(NOW + 10);

    clock.check();

    assertThat(clock.wallMillis()).isEqualTo(NOW + 10 - HOUR);
  }

  @Test
  void monotonic_time_is_not_affected_by_steps() {
    long before = clock.monotonicMillis();
    clock.stepWall(2 * HOUR);
    clock.advance(500);
    clock.stepWall(-HOUR);

    assertThat(clock.monotonicMillis() - before).isEqualTo(500);
  }

  @Test
  void a_step_is_counted_and_drift_is_followed_silently() {
    clock.stepWall(999);
    clock.stepWall(-999);

    assertThat(clock.steps()).isZero();
    assertThat(clock.wallMillis()).isEqualTo(NOW);

    clock.stepWall(1_000);
    clock.stepWall(-HOUR);

    assertThat(clock.steps()).isEqualTo(2);
  }

  @Test
  void times_are_converted_with_the_present_offset() {
    long deadline = clock.monotonicMillis() + 5_000;
    assertThat(clock.wallOf(deadline)).isEqualTo(NOW + 5_000);

    clock.stepWall(-HOUR);

    assertThat(clock.wallOf(deadline)).isEqualTo(NOW + 5_000 - HOUR);
    assertThat(clock.monotonicOf(NOW + 5_000 - HOUR)).isEqualTo(deadline);
  }

  @Test
  void retention_is_measured_without_recent_forward_steps() {
    Duration window = Duration.ofHours(1);
    clock.stepWall(365 * 24 * HOUR);
    assertThat(clock.wallMillisBeforeSteps(window)).isEqualTo(NOW);

    clock.advance(HOUR + 1);

    assertThat(clock.wallMillisBeforeSteps(window)).isEqualTo(clock.wallMillis());
  }

  @Test
  void a_step_back_makes_nothing_older() {
    clock.stepWall(2 * HOUR);
    clock.stepWall(-2 * HOUR);

    assertThat(clock.wallMillisBeforeSteps(Duration.ofHours(1))).isLessThanOrEqualTo(NOW);
  }

  @Test
  void stamps_never_go_back_and_meet_wall_time_again() {
    clock.stepWall(-HOUR);
    long last = clock.stampMillis();
    assertThat(last).isEqualTo(NOW);

    for (int minute = 0; minute < 70; minute++) {
      clock.advance(60_000);
      clock.check();
      assertThat(clock.stampMillis()).isGreaterThan(last);
      last = clock.stampMillis();
    }

    assertThat(last).isEqualTo(clock.wallMillis());
  }

  @Test
  void stamps_do_not_go_back_by_drift_either_nor_when_the_clock_goes_ahead_and_back() {
    clock.stepWall(-900);
    assertThat(clock.stampMillis()).isEqualTo(NOW);

    clock.stepWall(2 * HOUR);
    long ahead = clock.stampMillis();
    clock.stepWall(-2 * HOUR);

    assertThat(clock.stampMillis()).isEqualTo(ahead);
    clock.stepWall(2 * HOUR);
    assertThat(clock.stampMillis()).isEqualTo(ahead);
  }

  @Test
  void a_clock_that_was_years_ahead_is_followed_at_once() {
    clock.stepWall(365 * 24 * HOUR);
    clock.stepWall(-365 * 24 * HOUR);

    assertThat(clock.stampMillis()).isEqualTo(clock.wallMillis());
  }

  @Test
  void the_system_clock_is_about_right() {
    HubClock system = HubClock.ofSystem();
    long before = System.currentTimeMillis();

    assertThat(system.wallMillis()).isBetween(before - 60_000, before + 60_000);
    assertThat(system.steps()).isZero();
  }
}
