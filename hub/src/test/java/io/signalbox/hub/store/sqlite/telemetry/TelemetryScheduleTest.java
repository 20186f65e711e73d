package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.TelemetrySchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sequences of operations (readings in time, late, repeated or of changing types,
 * compaction, crashes, deletions) compared with a sorted map.
 */
class TelemetryScheduleTest extends TelemetrySchedule {
  @TempDir Path parent;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void the_store_equals_a_sorted_map(long seed) throws IOException {
    Random random = new Random(seed);
    Path directory = Files.createTempDirectory(parent, "store");
    SqliteTelemetryStore store = open(directory, random);
    for (int crash = 0; crash < 12; crash++) {
      for (int step = random.nextInt(30); step >= 0; step--) {
        step(store, random);
      }
      compare(store);
      boolean clean = random.nextInt(4) == 0;
      Path next = clean ? directory : copyOf(directory);
      Results.answer(store.close());
      directory = next;
      store = open(directory, random);
      compare(store);
    }
    Results.answer(store.close());
  }

  private static SqliteTelemetryStore open(Path directory, Random random) throws IOException {
    TelemetrySettings settings =
        new TelemetrySettings(
            Duration.ZERO,
            Duration.ZERO,
            4 + random.nextInt(20),
            100_000,
            1 + random.nextInt(600),
            1 + random.nextInt(2000));
    return SqliteTelemetryStore.open(directory, settings, HubClock.ofSystem());
  }

  /**
   * Copies the files as after a crash: the write-ahead log is below the automatic checkpoint, so it
   * only grows, and can end with a partial commit.
   */
  private Path copyOf(Path directory) throws IOException {
    Path copy = Files.createTempDirectory(parent, "store");
    Path database = directory.resolve("telemetry.db");
    Path log = directory.resolve("telemetry.db-wal");
    Files.copy(database, copy.resolve("telemetry.db"));
    Files.copy(log, copy.resolve("telemetry.db-wal"));
    assertThat(Files.size(log)).isLessThan(1000 * 4096);
    return copy;
  }
}
