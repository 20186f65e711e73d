package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After {@code kill -9} at any time, every acknowledged reading is stored exactly once. */
class TelemetryKillTest {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(12);
  private static final int MOST_ROUNDS = 8;

  @TempDir Path directory;

  private final Random random = new Random();
  private final long[] acknowledged = new long[AppendingProcess.SERIES];

  @Test
  void every_acknowledged_reading_survives_and_none_is_duplicated() throws Exception {
    long start = System.nanoTime();
    int rounds = 0;
    while (rounds < 3 || (rounds < MOST_ROUNDS && System.nanoTime() - start < MOST_NANOS)) {
      if (rounds % 3 == 1) {
        killWhileItStarts();
      } else {
        long before = sum();
        killAfterLines(1 + random.nextInt(3000));
        assertThat(sum()).as("something was acknowledged").isGreaterThan(before);
      }
      checkStoredReadings();
      rounds++;
    }
  }

  private void killAfterLines(int count) throws IOException, InterruptedException {
    Process process = AppendingProcess.start(directory);
    try (BufferedReader output = process.inputReader()) {
      for (int i = 0; i < count; i++) {
        parse(output.readLine());
      }
      kill(process, output);
    }
  }

  /** Kills during the start, while the journal may be replayed, compacted or trimmed. */
  private void killWhileItStarts() throws IOException, InterruptedException {
    Process process = AppendingProcess.start(directory);
    try (BufferedReader output = process.inputReader()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1000)));
      kill(process, output);
    }
  }

  private void kill(Process process, BufferedReader output)
      throws IOException, InterruptedException {
    // Via the handle, which leaves the streams open for reading the last output.
    assertThat(process.toHandle().destroyForcibly()).isTrue();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      parse(line);
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("killed, not failed").isEqualTo(137);
  }

  /** A line names a series and how many of its readings are acknowledged, and ends with a dot. */
  private void parse(@Nullable String line) {
    if (line != null && line.endsWith(".")) {
      String[] words = line.substring(0, line.length() - 1).split(" ", 2);
      acknowledged[Integer.parseInt(words[0])] = Long.parseLong(words[1]);
    }
  }

  private void checkStoredReadings() throws IOException {
    SqliteTelemetryStore store = AppendingProcess.open(directory);
    List<MetricSummary> metrics = Results.answer(store.metrics(AppendingProcess.DEVICE));
    for (MetricSummary metric : metrics) {
      SeriesRange all =
          new SeriesRange(AppendingProcess.DEVICE, metric.metric(), 0, Long.MAX_VALUE);
      List<Point> kept = Results.answer(store.read(all, Integer.MAX_VALUE));
      int series = Integer.parseInt(metric.metric());
      assertThat((long) kept.size()).isGreaterThanOrEqualTo(acknowledged[series]);
      assertThat(metric.count()).as("counted once each").isEqualTo(kept.size());
      for (int i = 0; i < kept.size(); i++) {
        long ts = AppendingProcess.T0 + i;
        assertThat(kept.get(i)).isEqualTo(new Point(ts, new Value.Num(i / 10.0)));
      }
      acknowledged[series] = kept.size();
    }
    assertThat(metrics).hasSize(AppendingProcess.SERIES);
    Results.answer(store.close());
  }

  private long sum() {
    return Arrays.stream(acknowledged).sum();
  }
}
