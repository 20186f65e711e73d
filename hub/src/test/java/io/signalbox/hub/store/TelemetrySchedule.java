package io.signalbox.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Random changes of a telemetry store, and the sorted maps that it has to equal after them. */
public abstract class TelemetrySchedule {
  private static final long T0 = 1_780_000_000_000L;
  protected static final String[] DEVICES = {"pump", "fan", "lamp"};
  private static final String[] METRICS = {"t", "state"};

  private final TreeMap<String, TreeMap<Long, Value>> truth = new TreeMap<>();
  private long now = T0;

  /** One append or, rarely, a deletion. */
  protected void step(TelemetryStore store, Random random) {
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

  /** Compares the contents of the store. */
  protected void compare(TelemetryStore store) {
    for (String device : DEVICES) {
      List<MetricSummary> metrics = Results.answer(store.metrics(device));
      assertThat(metrics.stream().map(metric -> device + " " + metric.metric()))
          .containsExactlyElementsOf(truth.subMap(device + " ", device + "!").keySet());
      for (MetricSummary metric : metrics) {
        compare(store, device, metric);
      }
    }
  }

  private void compare(TelemetryStore store, String device, MetricSummary metric) {
    TreeMap<Long, Value> expected =
        truth.getOrDefault(device + " " + metric.metric(), new TreeMap<>());
    assertThat(read(store, device, metric.metric())).isEqualTo(pointsOf(expected));
    assertThat(metric.first()).isEqualTo(expected.firstKey());
    assertThat(metric.last()).isEqualTo(expected.lastKey());
    Value last = expected.lastEntry().getValue();
    assertThat(Results.answer(store.latest(List.of(device))).getOrDefault(device, Map.of()))
        .containsEntry(metric.metric(), new Reading(metric.metric(), metric.last(), last));
  }

  private static List<Point> read(TelemetryStore store, String device, String metric) {
    SeriesRange all = new SeriesRange(device, metric, Long.MIN_VALUE, Long.MAX_VALUE);
    return Results.answer(store.read(all, Integer.MAX_VALUE));
  }

  private static List<Point> pointsOf(SortedMap<Long, Value> values) {
    return values.entrySet().stream().map(e -> new Point(e.getKey(), e.getValue())).toList();
  }
}
