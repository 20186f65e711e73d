package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.store.TelemetryStoreFixture;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention in whole days, and deletion of devices. */
class RetentionTest extends TelemetryStoreFixture {
  private static final long MONDAY = Instant.parse("2026-11-16T00:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = 24 * HOUR;

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock(MONDAY);

  @Override
  protected TelemetryStore open() throws IOException {
    TelemetrySettings settings =
        new TelemetrySettings(Duration.ofDays(2), Duration.ZERO, 8, 200_000, 1, 1 << 20);
    return SqliteTelemetryStore.open(directory, settings, clock);
  }

  @Test
  void expired_days_are_deleted_and_others_stay_complete() {
    List<Point> sent = hourly("pump", 24 * 7);
    clock.set(MONDAY + 7 * DAY - HOUR);
    long cutoff = MONDAY + 4 * DAY;
    // Remaining readings of older days share a chunk of eight with a kept day.
    Awaitility.await().until(() -> read("pump", "t").getFirst().ts() > cutoff - 8 * HOUR);
    assertThat(read("pump", "t")).containsAll(sent.subList(4 * 24, 7 * 24));
    assertThat(latest("pump")).hasSize(1);
  }

  @Test
  void a_series_with_only_expired_readings_is_deleted() throws Exception {
    hourly("pump", 30);
    clock.set(MONDAY + 10 * DAY);
    Awaitility.await().until(() -> metrics("pump").isEmpty());
    assertThat(latest("pump")).isEmpty();
    assertThat(read("pump", "t")).isEmpty();
    Awaitility.await().until(() -> rows("chunk") == 0 && rows("body") == 0);
    reopen();
    assertThat(latest("pump")).isEmpty();
  }

  @Test
  void a_deleted_device_leaves_no_rows() throws Exception {
    hourly("pump", 24 * 100);
    assertThat(rows("chunk")).isPositive();
    await(store.forget("pump"));
    reopen();
    Awaitility.await().until(() -> rows("chunk") == 0 && rows("body") == 0 && rows("dropped") == 0);
    assertThat(rows("series")).isZero();
  }

  private List<Point> hourly(String device, int hours) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < hours; i++) {
      points.add(new Point(MONDAY + i * HOUR, num(i)));
    }
    appendAll(device, "t", points);
    Awaitility.await().until(() -> rows("chunk") > 0);
    return points;
  }

  private long rows(String table) {
    String url = "jdbc:sqlite:" + directory.resolve("telemetry.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT count(*) FROM " + table)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
