package io.signalbox.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Fixture with a telemetry store under test. */
public abstract class TelemetryStoreFixture {
  protected static final long T0 = 1_780_000_000_000L;

  protected TelemetryStore store;

  /** Opens the store; it keeps its contents across close and open. */
  protected abstract TelemetryStore open() throws Exception;

  /** Opens the store before each test. */
  @BeforeEach
  protected void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  protected void closeStore() {
    await(store.close());
  }

  protected void reopen() throws Exception {
    await(store.close());
    store = open();
  }

  /** Appends unordered and repeated readings over about 6,000 s; returns the expected contents. */
  protected NavigableMap<Long, Value> unorderedSeries(String device, String metric, long seed) {
    Random random = new Random(seed);
    TreeMap<Long, Value> truth = new TreeMap<>();
    long now = T0;
    List<Point> batch = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      now += 500 + random.nextInt(1000);
      boolean late = random.nextInt(200) == 0;
      long ts = late ? T0 + random.nextLong(now - T0) : now;
      Point point = new Point(ts, num(random.nextInt(100_000) / 100.0));
      batch.add(point);
      truth.put(ts, point.value());
      if (random.nextInt(300) == 0 && truth.lowerKey(ts) != null) {
        batch.add(new Point(truth.lowerKey(ts), num(-i)));
        truth.put(truth.lowerKey(ts), num(-i));
      }
      if (batch.size() >= 37) {
        appendAll(device, metric, batch);
        batch = new ArrayList<>();
      }
    }
    appendAll(device, metric, batch);
    return truth;
  }

  protected static double number(Point point) {
    return ((Value.Num) point.value()).number();
  }

  /** Appends a random walk with one decimal, one reading per second, in batches. */
  protected List<Point> walk(String device, String metric, int count, long seed) {
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    long tenths = 200;
    for (int i = 0; i < count; i++) {
      tenths += random.nextInt(7) - 3;
      points.add(new Point(T0 + i * 1000L, num(tenths / 10.0)));
    }
    for (int i = 0; i < count; i += 100) {
      appendAll(device, metric, points.subList(i, Math.min(i + 100, count)));
    }
    return points;
  }

  protected void appendAll(String device, String metric, List<Point> points) {
    Reading[] readings =
        points.stream().map(p -> new Reading(metric, p.ts(), p.value())).toArray(Reading[]::new);
    append(device, readings);
  }

  /** Appends a batch, all messages of which are stored. */
  protected void appendAll(TelemetryBatch batch) {
    BatchResult result = await(store.append(batch));
    for (int i = 0; i < batch.messages().size(); i++) {
      assertThat(result.refusal(i)).as("message %d", i).isNull();
    }
  }

  protected void append(String device, Reading... readings) {
    TelemetryMessage message = new TelemetryMessage(device, List.of(readings));
    appendAll(new TelemetryBatch(List.of(message), readings.length));
  }

  protected List<Point> read(String device, String metric) {
    return await(
        store.read(
            new SeriesRange(device, metric, Long.MIN_VALUE, Long.MAX_VALUE), Integer.MAX_VALUE));
  }

  protected Map<String, Reading> latest(String device) {
    return await(store.latest(List.of(device))).getOrDefault(device, Map.of());
  }

  protected List<MetricSummary> metrics(String device) {
    return await(store.metrics(device));
  }

  protected static Value num(double number) {
    return new Value.Num(number);
  }

  protected static List<Point> pointsOf(SortedMap<Long, Value> values) {
    return values.entrySet().stream().map(e -> new Point(e.getKey(), e.getValue())).toList();
  }

  protected static <T> T await(Future<T> future) {
    return Results.answer(future);
  }
}
