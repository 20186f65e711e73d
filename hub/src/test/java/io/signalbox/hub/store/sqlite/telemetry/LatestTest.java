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

/** The newest reading of a series when a clock is or was wrong. */
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
  void a_reading_from_the_future_does_not_hide_later_arrivals(boolean restarted) throws Exception {
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
  void a_device_whose_clock_is_ahead_shows_its_readings() {
    arrives(clock.get() + 23 * HOUR, 1);
    arrives(clock.get() + 23 * HOUR, 2);

    assertThat(shown()).isEqualTo(2);
  }

  @Test
  void readings_stamped_by_a_fast_hub_clock_do_not_hide_later_ones() {
    clock.stepWall(50 * HOUR);
    arrives(clock.stampMillis(), 1);
    clock.stepWall(-50 * HOUR);

    arrives(clock.stampMillis(), 2);

    assertThat(shown()).isEqualTo(2);
  }

  @Test
  void a_buffered_late_reading_is_not_the_newest() {
    arrives(clock.get(), 1);
    arrives(clock.get() - HOUR, 2);

    assertThat(shown()).isEqualTo(1);
  }

  @Test
  void a_temporary_clock_jump_deletes_nothing() throws Exception {
    arrives(clock.get(), 1);
    clock.stepWall(365 * 24 * HOUR);
    arrives(clock.get(), 2);
    reopen();
    clock.stepWall(-365 * 24 * HOUR);

    assertThat(read("pump", "t")).hasSize(2);
  }
}
