package io.signalbox.hub.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.PollingDefaults;
import io.signalbox.hub.model.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of the planner: bounds, battery, windows, scheduled commands, load, jitter. */
class PollIntervalPlannerTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private double fullness;
  private final PollingSettings settings =
      new PollingSettings(
          1, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(6), 30, 100, 10);
  private final PollIntervalPlanner plan =
      new PollIntervalPlanner(settings, new LoadFactor(settings, () -> fullness), new Random(1));

  @BeforeEach
  void defineTypes() {
    plan.define(
        "valve",
        new PollingDefaults(
            4.0, Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofSeconds(30)));
    plan.define("meter", new PollingDefaults(null, null, null, Duration.ofDays(7)));
  }

  @Test
  void a_new_device_is_polled_soon_and_later_by_the_expectation_of_its_type() {
    assertThat(planned("thermostat", NOW).millis()).isLessThan(30_000);
    assertThat(planned("meter", NOW).millis()).isLessThan(30_000);
    // √(2 · 1 s · (6 h + 6 h)), √(2 · 1 s · (7 d + 6 h)) minus the rest of the initial estimate
    assertThat(planned("thermostat", NOW - 6 * HOUR).millis()).isBetween(210_000L, 330_000L);
    assertThat(planned("meter", NOW - 6 * HOUR).millis()).isBetween(600_000L, 1_250_000L);
  }

  @Test
  void a_new_device_starts_with_the_statistics_of_its_type() {
    for (int each = 0; each < 20; each++) {
      CommandRateModel busy = plan.rhythm("pump", NOW - HOUR);
      for (long at = NOW - HOUR; at < NOW; at += 10_000) {
        plan.recordArrival(busy, at);
      }
      next(busy, NOW);
    }

    assertThat(planned("pump", NOW - 6 * HOUR).millis())
        .isLessThan(planned("thermostat", NOW - 6 * HOUR).millis() * 9 / 10);
    assertThat(planned("pump", NOW - HOUR).millis())
        .isLessThan(planned("thermostat", NOW - HOUR).millis() * 2 / 3);
  }

  @Test
  void commands_shorten_the_interval_at_once_and_silence_lengthens_it() {
    CommandRateModel rateModel = plan.rhythm(null, NOW - 5 * DAY);
    NextPoll before = next(rateModel, NOW);
    LongStream.rangeClosed(1, 6)
        .forEach(each -> plan.recordArrival(rateModel, NOW + each * 10_000));
    NextPoll during = next(rateModel, NOW + MINUTE);
    NextPoll after = next(rateModel, NOW + 3 * HOUR);

    assertThat(during.millis()).isLessThan(before.millis() / 5);
    assertThat(during.reason()).isEqualTo(PollReason.RECENT);
    assertThat(after.millis()).isGreaterThan(5 * during.millis());
    assertThat(after.reason()).isEqualTo(PollReason.IDLE);
  }

  @Test
  void a_more_expensive_poll_is_made_less_often() {
    assertThat(median(power(null, null, 4.0, null)))
        .isCloseTo(2 * median(PowerProfile.UNSAID), Assertions.withinPercentage(10L));
  }

  @Test
  void the_devices_own_bounds_take_precedence() {
    assertThat(next(power(2 * HOUR, null, null, null)).millis()).isGreaterThanOrEqualTo(2 * HOUR);
    assertThat(next(power(2 * HOUR, null, null, null)).reason()).isEqualTo(PollReason.ENERGY);
    assertThat(next(power(null, 5_000L, null, null)).millis()).isLessThanOrEqualTo(5_000);
    assertThat(next(power(null, 200L, null, null)).millis()).isLessThanOrEqualTo(200);
  }

  @Test
  void the_bounds_of_a_type_apply_to_devices_without_bounds() {
    assertThat(planned("valve", NOW).millis()).isBetween(20_000L, 22_000L);
  }

  @Test
  void a_device_at_its_bounds_does_not_poll_in_step_with_others() {
    PowerProfile longest = power(null, 10_000L, null, null);
    PowerProfile shortest = power(HOUR, null, null, null);

    assertThat(LongStream.range(0, 50).map(each -> next(longest).millis()).distinct())
        .hasSizeGreaterThan(30);
    assertThat(LongStream.range(0, 50).map(each -> next(shortest).millis()).distinct())
        .hasSizeGreaterThan(30);
  }

  @Test
  void jitter_is_plus_or_minus_ten_percent() {
    List<Long> all =
        LongStream.range(0, 500).map(each -> next(PowerProfile.UNSAID).millis()).boxed().toList();
    double least = all.stream().mapToLong(Long::longValue).min().orElseThrow();
    double most = all.stream().mapToLong(Long::longValue).max().orElseThrow();

    assertThat(most / least).isBetween(1.18, 1.23);
  }

  @Test
  void half_of_the_low_battery_level_doubles_the_interval() {
    assertThat(median(power(null, null, null, 15.0)))
        .isCloseTo(2 * median(PowerProfile.UNSAID), Assertions.withinPercentage(10L));
    assertThat(next(power(null, null, null, 15.0)).reason()).isEqualTo(PollReason.ENERGY);
    assertThat(next(power(null, null, null, 80.0)).reason()).isEqualTo(PollReason.IDLE);
  }

  @Test
  void an_empty_battery_still_polls() {
    assertThat(next(power(null, null, null, 0.0)).millis()).isLessThanOrEqualTo(HOUR);
  }

  @Test
  void remaining_commands_are_fetched_as_soon_as_the_bounds_allow() {
    PendingWork left = new PendingWork(3, 0);

    assertThat(plan.next(quiet(), PowerProfile.UNSAID, left, NOW).millis())
        .isBetween(1_000L, 1_100L);
    assertThat(plan.next(quiet(), PowerProfile.UNSAID, left, NOW).reason())
        .isEqualTo(PollReason.PENDING);
    assertThat(plan.next(quiet(), power(MINUTE, null, null, null), left, NOW).millis())
        .isBetween(MINUTE, 66_000L);
  }

  @Test
  void a_scheduled_command_moves_the_next_poll_to_its_time_and_not_before() {
    NextPoll pulled =
        plan.next(quiet(), PowerProfile.UNSAID, new PendingWork(0, NOW + MINUTE), NOW);

    assertThat(pulled.millis()).isBetween(MINUTE, MINUTE + 5_000);
    assertThat(pulled.reason()).isEqualTo(PollReason.PENDING);
  }

  @Test
  void a_command_scheduled_shortly_after_the_next_poll_is_waited_for() {
    long due = Math.round(median(PowerProfile.UNSAID) * 1.1);

    assertThat(plan.next(quiet(), PowerProfile.UNSAID, new PendingWork(0, NOW + due), NOW).millis())
        .isBetween(due, due + 5_000);
  }

  @Test
  void a_command_scheduled_for_another_day_changes_nothing_today() {
    assertThat(plan.next(quiet(), PowerProfile.UNSAID, new PendingWork(0, NOW + DAY), NOW).reason())
        .isEqualTo(PollReason.IDLE);
  }

  @Test
  void a_poll_outside_the_windows_is_moved_to_the_next_one() {
    // NOW is 22:13:20 UTC
    PowerProfile atSix =
        new PowerProfile(null, null, null, null, List.of(AvailabilityWindow.of("06:00-06:30")));
    PowerProfile atNight =
        new PowerProfile(
            null,
            null,
            null,
            null,
            List.of(AvailabilityWindow.of("06:00-06:30"), AvailabilityWindow.of("22:00-04:00")));
    NextPoll moved = next(atSix);
    long six = 6 * HOUR + DAY - Math.floorMod(NOW, DAY);

    assertThat(moved.millis()).isBetween(six, six + 5_000);
    assertThat(moved.reason()).isEqualTo(PollReason.WINDOW);
    assertThat(next(atNight).reason()).isEqualTo(PollReason.IDLE);
  }

  @Test
  void an_overloaded_hub_stretches_all_intervals_by_the_excess() {
    CommandRateModel[] fleet = new CommandRateModel[3_000];
    long[] due = new long[fleet.length];
    for (int each = 0; each < fleet.length; each++) {
      fleet[each] = plan.rhythm("valve", NOW);
      due[each] = NOW + each * 20L;
    }
    int late = 0;
    PowerProfile everyTenSeconds = power(10_000L, 10 * HOUR, 1e-3, null);
    for (long now = NOW; now < NOW + 10 * MINUTE; now += 100) {
      for (int each = 0; each < fleet.length; each++) {
        if (due[each] <= now) {
          due[each] =
              now + plan.next(fleet[each], everyTenSeconds, PendingWork.CLEAR, now).millis();
          late += now >= NOW + 5 * MINUTE ? 1 : 0;
        }
      }
    }

    assertThat(late / 300.0).isBetween(85.0, 115.0);
  }

  @Test
  void an_overloaded_store_stretches_intervals_as_well() {
    fullness = 1;
    next(PowerProfile.UNSAID);
    NextPoll stretched = plan.next(quiet(), PowerProfile.UNSAID, PendingWork.CLEAR, NOW + 2_000);

    assertThat(stretched.reason()).isEqualTo(PollReason.LOAD);
    assertThat(stretched.millis()).isGreaterThan(20 * MINUTE);
    assertThat(plan.next(quiet(), power(null, 5_000L, null, null), PendingWork.CLEAR, NOW).millis())
        .isLessThanOrEqualTo(5_000);
  }

  @Test
  void an_invalid_power_report_is_refused_with_the_field() {
    assertRefused("power.minInterval", () -> power(0L, null, null, null));
    assertRefused("power.maxInterval", () -> power(5_000L, 4_999L, null, null));
    assertRefused("power.pollCost", () -> power(null, null, Double.NaN, null));
    assertRefused("power.batteryPercent", () -> power(null, null, null, 101.0));
    Assertions.assertThatThrownBy(() -> AvailabilityWindow.of("24:00-06:00"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void invalid_settings_are_refused_at_start() {
    Assertions.assertThatThrownBy(
            () ->
                new PollingSettings(
                    1, Duration.ofHours(2), Duration.ofHours(1), Duration.ofHours(6), 30, 100, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxInterval");
  }

  @Test
  void a_changed_type_applies_to_devices_that_poll_already() {
    CommandRateModel model = plan.rhythm("valve", NOW);
    assertThat(next(model, NOW).millis()).isLessThanOrEqualTo(MINUTE);

    plan.define("valve", new PollingDefaults(null, Duration.ofHours(2), null, null));
    assertThat(next(model, NOW).millis()).isBetween(2 * HOUR, 2 * HOUR + 10 * MINUTE);

    plan.define("valve", null);
    assertThat(next(model, NOW).millis()).isLessThanOrEqualTo(HOUR);
  }

  private static void assertRefused(String field, ThrowingCallable call) {
    Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.field()).isEqualTo(field));
  }

  /** A model without recent commands that has not yet reported to its type. */
  private CommandRateModel quiet() {
    return plan.rhythm(null, NOW - 50 * MINUTE);
  }

  private NextPoll planned(String type, long since) {
    return next(plan.rhythm(type, since), NOW);
  }

  private NextPoll next(PowerProfile power) {
    return plan.next(quiet(), power, PendingWork.CLEAR, NOW);
  }

  private NextPoll next(CommandRateModel rateModel, long now) {
    return plan.next(rateModel, PowerProfile.UNSAID, PendingWork.CLEAR, now);
  }

  private double median(PowerProfile power) {
    return LongStream.range(0, 201)
        .map(each -> next(power).millis())
        .sorted()
        .skip(100)
        .findFirst()
        .orElseThrow();
  }

  private static PowerProfile power(
      @Nullable Long min, @Nullable Long max, @Nullable Double cost, @Nullable Double battery) {
    return new PowerProfile(min, max, cost, battery, List.of());
  }
}
