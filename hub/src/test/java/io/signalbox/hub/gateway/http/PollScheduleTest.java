package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.polling.LoadFactor;
import io.signalbox.hub.polling.PendingWork;
import io.signalbox.hub.polling.PollIntervalPlanner;
import io.signalbox.hub.polling.PollingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** When a device is expected to poll next, and the state that this needs. */
class PollScheduleTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private final PollingSettings settings =
      new PollingSettings(
          1, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(1), 30, 100, 10);
  private final Device device = new Device("pump-7", null, null, Map.of(), true, NOW - 30 * DAY);

  private PollSchedule schedule() {
    LoadFactor pressure = new LoadFactor(settings, () -> 0);
    return new PollSchedule(
        new PollIntervalPlanner(settings, pressure, new Random(1)), new ManualClock(NOW), device);
  }

  private static Command handedOut(long created) {
    return command(created, State.SENT);
  }

  private static Command command(long created, State state) {
    Step queued = new Step(State.QUEUED, created, "hub", null, null, null, null);
    Step last = new Step(state, created + 1, "hub", 1L, Transport.HTTP, null, null);
    List<Step> timeline = state == State.QUEUED ? List.of(queued) : List.of(queued, last);
    return new Command(
        "c" + created,
        "pump-7",
        "identify",
        "{}",
        created,
        created + DAY,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        timeline);
  }

  private static long interval(PollSchedule schedule) {
    return schedule.afterPoll(List.of(), PendingWork.CLEAR).millis();
  }

  @Test
  void a_restored_quiet_device_is_not_polled_like_a_new_one() {
    PollSchedule found = schedule();
    found.restore(List.of());

    assertThat(interval(schedule())).isLessThan(MINUTE);
    assertThat(interval(found)).isGreaterThan(2 * interval(schedule()));
  }

  @Test
  void a_busy_devices_rate_is_restored_from_its_commands() {
    PollSchedule found = schedule();
    List<Command> newestFirst =
        LongStream.range(1, 100).mapToObj(n -> handedOut(NOW - n * MINUTE)).toList();
    found.restore(newestFirst);
    PollSchedule quiet = schedule();
    quiet.restore(List.of());

    assertThat(interval(found)).isLessThan(interval(quiet) / 2);
  }

  @Test
  void commands_delivered_in_the_meantime_count_once() {
    List<Command> taken = List.of(handedOut(NOW - 10), handedOut(NOW - 5));
    PollSchedule found = schedule();
    found.afterPoll(taken, PendingWork.CLEAR);
    found.restore(List.of(handedOut(NOW - 5), handedOut(NOW - 10), handedOut(NOW - HOUR)));
    PollSchedule sent = schedule();
    sent.restore(List.of(handedOut(NOW - 5), handedOut(NOW - 10), handedOut(NOW - HOUR)));

    // Only jitter distinguishes them.
    assertThat((double) interval(found)).isCloseTo((double) interval(sent), withinTheJitter());
  }

  @Test
  void undelivered_commands_do_not_count() {
    PollSchedule found = schedule();
    found.restore(
        LongStream.range(1, 100).mapToObj(n -> command(NOW - n * MINUTE, State.QUEUED)).toList());
    PollSchedule quiet = schedule();
    quiet.restore(List.of());

    assertThat(interval(found)).isEqualTo(interval(quiet));
  }

  private static Percentage withinTheJitter() {
    return Percentage.withPercentage(25);
  }
}
