package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.polling.Outlook;
import io.signalbox.hub.polling.PollingPlan;
import io.signalbox.hub.polling.PollingSettings;
import io.signalbox.hub.polling.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** When a device will be back, and what the hub remembers of it for that. */
class ItineraryTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private final PollingSettings settings =
      new PollingSettings(
          1, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(1), null, 30, 100, 10);
  private final Device device = new Device("pump-7", null, null, Map.of(), true, NOW - 30 * DAY);

  private Itinerary itinerary() {
    Pressure pressure = new Pressure(settings, () -> 0);
    return new Itinerary(
        new PollingPlan(settings, pressure, new Random(1)), new ManualClock(NOW), device);
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

  private static long interval(Itinerary itinerary) {
    return itinerary.afterPoll(List.of(), Outlook.CLEAR).millis();
  }

  @Test
  void a_quiet_device_that_the_hub_finds_again_is_not_polled_as_one_that_has_just_come() {
    Itinerary found = itinerary();
    found.recall(List.of());

    assertThat(interval(itinerary())).isLessThan(MINUTE);
    assertThat(interval(found)).isGreaterThan(2 * interval(itinerary()));
  }

  @Test
  void the_rhythm_of_a_busy_device_is_found_again_in_what_it_was_given() {
    Itinerary found = itinerary();
    List<Command> newestFirst =
        LongStream.range(1, 100).mapToObj(n -> handedOut(NOW - n * MINUTE)).toList();
    found.recall(newestFirst);
    Itinerary quiet = itinerary();
    quiet.recall(List.of());

    assertThat(interval(found)).isLessThan(interval(quiet) / 2);
  }

  @Test
  void what_it_took_meanwhile_counts_once() {
    List<Command> taken = List.of(handedOut(NOW - 10), handedOut(NOW - 5));
    Itinerary found = itinerary();
    found.afterPoll(taken, Outlook.CLEAR);
    found.recall(List.of(handedOut(NOW - 5), handedOut(NOW - 10), handedOut(NOW - HOUR)));
    Itinerary told = itinerary();
    told.recall(List.of(handedOut(NOW - 5), handedOut(NOW - 10), handedOut(NOW - HOUR)));

    // Jitter is all that sets them apart.
    assertThat((double) interval(found)).isCloseTo((double) interval(told), withinTheJitter());
  }

  @Test
  void what_it_was_never_given_does_not_count() {
    Itinerary found = itinerary();
    found.recall(
        LongStream.range(1, 100).mapToObj(n -> command(NOW - n * MINUTE, State.QUEUED)).toList());
    Itinerary quiet = itinerary();
    quiet.recall(List.of());

    assertThat(interval(found)).isEqualTo(interval(quiet));
  }

  private static Percentage withinTheJitter() {
    return Percentage.withPercentage(25);
  }
}
