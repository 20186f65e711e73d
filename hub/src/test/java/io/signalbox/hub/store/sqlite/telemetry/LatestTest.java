package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.TelemetryStoreFixture;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is newest of a series, when a clock is or was wrong. */
class LatestTest extends TelemetryStoreFixture {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @TempDir private Path directory;

  private final ManualClock clock = new ManualClock(T0);

  @Override
  protected TelemetryStore open() throws IOException {
    return SqliteTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, clock);
  }

  private void arrives(long ts, double value) {
    append("pump", new Reading("t", ts, num(value)));
    clock.advance(1_000);
  }

  private double shown() {
    Reading reading = Objects.requireNonNull(latest("pump").get("t"));
    return number(new Point(reading.ts(), reading.value()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_reading_from_the_future_does_not_hide_what_arrives_after_it(boolean restarted)
      throws Exception {
    arrives(T0 + 23 * HOUR, 1);
    assertThat(shown()).isEqualTo(1);
    if (restarted) {
      reopen();
    }

    arrives(clock.get(), 2);
    assertThat(shown()).isEqualTo(2);
    arrives(clock.get(), 3);

    assertThat(shown()).isEqualTo(3);
    assertThat(read("pump", "t")).hasSize(3);
  }

  @Test
  void a_device_whose_clock_is_ahead_shows_what_it_sends() {
    arrives(clock.get() + 23 * HOUR, 1);
    arrives(clock.get() + 23 * HOUR, 2);

    assertThat(shown()).isEqualTo(2);
  }

  @Test
  void what_the_hub_stamped_while_its_clock_was_ahead_hides_nothing_either() {
    clock.stepWall(50 * HOUR);
    arrives(clock.stampMillis(), 1);
    clock.stepWall(-50 * HOUR);

    arrives(clock.stampMillis(), 2);

    assertThat(shown()).isEqualTo(2);
  }

  @Test
  void what_a_device_has_kept_and_brings_late_is_not_the_newest() {
    arrives(clock.get(), 1);
    arrives(clock.get() - HOUR, 2);

    assertThat(shown()).isEqualTo(1);
  }

  @Test
  void nothing_is_deleted_because_the_clock_is_ahead_for_a_while() throws Exception {
    arrives(clock.get(), 1);
    clock.stepWall(365 * 24 * HOUR);
    arrives(clock.get(), 2);
    reopen();
    clock.stepWall(-365 * 24 * HOUR);

    assertThat(read("pump", "t")).hasSize(2);
  }
}
