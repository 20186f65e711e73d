package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.HubClock;
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
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series that start together do not keep memory for chunks that are all almost full. */
class ChunkSpreadTest extends TelemetryStoreFixture {
  private static final int SERIES = 64;
  private static final int CHUNK = 32;

  @TempDir Path directory;

  @Override
  protected TelemetryStore open() throws IOException {
    TelemetrySettings settings =
        new TelemetrySettings(Duration.ZERO, Duration.ZERO, CHUNK, 200_000, 1L << 30, 1L << 30);
    return SqliteTelemetryStore.open(directory, settings, HubClock.ofSystem());
  }

  @Test
  void series_that_start_together_fill_their_first_chunks_at_different_times() {
    List<Point> points = IntStream.range(0, 20).mapToObj(i -> new Point(T0 + i, num(i))).toList();
    for (int i = 0; i < SERIES; i++) {
      appendAll("pump-" + i, "t", points);
    }
    // An even spread from 8 to 32 readings: half of them have come to their end at 20.
    Awaitility.await().until(() -> chunks() >= SERIES * 3 / 8);
    assertThat(chunks()).isLessThanOrEqualTo(SERIES * 5 / 8);
    assertThat(read("pump-1", "t")).isEqualTo(points);
  }

  @Test
  void the_first_chunk_of_a_series_has_a_quarter_of_the_usual_readings_or_more() {
    for (long id = 1; id < 10_000; id++) {
      LiveSeries series = new LiveSeries(id, "pump", "t");
      assertThat(series.chunkReadings(360)).isBetween(90, 360);
      assertThat(series.chunkReadings(2)).isBetween(1, 2);
      series.sealedUntil = 0;
      assertThat(series.chunkReadings(360)).isEqualTo(360);
    }
  }

  private long chunks() {
    String url = "jdbc:sqlite:" + directory.resolve("telemetry.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT count(*) FROM chunk")) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
