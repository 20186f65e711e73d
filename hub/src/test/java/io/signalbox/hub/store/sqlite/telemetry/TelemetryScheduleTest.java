package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sequences of operations (readings in time, late, repeated or of changing types,
 * compaction, crashes, deletions) compared with a sorted map.
 */
class TelemetryScheduleTest {
  private static final long T0 = 1_780_000_000_000L;
  private static final String[] DEVICES = {"pump", "fan", "lamp"};
  private static final String[] METRICS = {"t", "state"};

  @TempDir Path parent;

  private final TreeMap<String, TreeMap<Long, Value>> truth = new TreeMap<>();
  private long now = T0;

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

  private void step(SqliteTelemetryStore store, Random random) {
    String device = DEVICES[random.nextInt(DEVICES.length)];
    if (random.nextInt(60) == 0) {
      Results.answer(store.forget(device));
      truth.keySet().removeIf(series -> series.startsWith(device + " "));
      return;
    }
    List<Reading> readings = new ArrayList<>();
    for (int i = random.nextInt(25); i >= 0; i--) {
      Reading reading = reading(random);
      readings.add(reading);
      truth
          .computeIfAbsent(device + " " + reading.metric(), series -> new TreeMap<>())
          .put(reading.ts(), reading.value());
    }
    List<TelemetryMessage> messages = List.of(new TelemetryMessage(device, readings));
    Results.answer(store.append(new TelemetryBatch(messages, readings.size())));
  }

  private Reading reading(Random random) {
    String metric = METRICS[random.nextInt(METRICS.length)];
    now += random.nextInt(40);
    long ts = random.nextInt(6) == 0 ? T0 + random.nextLong(now - T0 + 1) : now;
    Value value =
        switch (metric.equals("t") ? 0 : random.nextInt(3)) {
          case 0 -> new Value.Num(random.nextInt(1000) / 10.0);
          case 1 -> new Value.Flag(random.nextBoolean());
          default -> new Value.Text("state " + random.nextInt(5));
        };
    return new Reading(metric, ts, value);
  }

  private void compare(SqliteTelemetryStore store) {
    for (String device : DEVICES) {
      List<MetricSummary> metrics = Results.answer(store.metrics(device));
      assertThat(metrics.stream().map(metric -> device + " " + metric.metric()))
          .containsExactlyElementsOf(truth.subMap(device + " ", device + "!").keySet());
      for (MetricSummary metric : metrics) {
        compare(store, device, metric);
      }
    }
  }

  private void compare(SqliteTelemetryStore store, String device, MetricSummary metric) {
    TreeMap<Long, Value> expected =
        truth.getOrDefault(device + " " + metric.metric(), new TreeMap<>());
    assertThat(read(store, device, metric.metric())).isEqualTo(pointsOf(expected));
    assertThat(metric.first()).isEqualTo(expected.firstKey());
    assertThat(metric.last()).isEqualTo(expected.lastKey());
    Value last = expected.lastEntry().getValue();
    assertThat(Results.answer(store.latest(List.of(device))).getOrDefault(device, Map.of()))
        .containsEntry(metric.metric(), new Reading(metric.metric(), metric.last(), last));
  }

  private static List<Point> read(SqliteTelemetryStore store, String device, String metric) {
    SeriesRange all = new SeriesRange(device, metric, Long.MIN_VALUE, Long.MAX_VALUE);
    return Results.answer(store.read(all, Integer.MAX_VALUE));
  }

  private static List<Point> pointsOf(SortedMap<Long, Value> values) {
    return values.entrySet().stream().map(e -> new Point(e.getKey(), e.getValue())).toList();
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
