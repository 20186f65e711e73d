package io.signalbox.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.Range;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every telemetry store promises. A twin extends this and says how it is opened. */
public abstract class TelemetryStoreContract {
  protected static final long T0 = 1_780_000_000_000L;

  protected TelemetryStore store;

  /** Opens the store; opened again after a close, it holds what it held. */
  protected abstract TelemetryStore open() throws Exception;

  /** The contract's store is open before each test. */
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

  @Test
  void a_reading_comes_back_bit_by_bit() {
    Value[] values = {
      new Value.Num(21.4),
      new Value.Num(-0.0),
      new Value.Num(0.1 + 0.2),
      new Value.Num(Double.MIN_VALUE),
      new Value.Num(-Double.MAX_VALUE),
      new Value.Num(9_007_199_254_740_993.0),
      new Value.Flag(true),
      new Value.Text("naïve \uD83D\uDE80 \uD800 half"),
      new Value.Json("{\"a\":[1,2,null]}"),
      new Value.Text("")
    };
    for (int i = 0; i < values.length; i++) {
      append("pump", new Reading("m" + i, T0, values[i]));
    }
    for (int i = 0; i < values.length; i++) {
      assertThat(read("pump", "m" + i)).containsExactly(new Point(T0, values[i]));
    }
  }

  @Test
  void readings_survive_a_close() throws Exception {
    List<Point> sent = walk("pump", "temperature", 5000, 7);
    reopen();
    assertThat(read("pump", "temperature")).isEqualTo(sent);
    assertThat(metrics("pump"))
        .containsExactly(new MetricSummary("temperature", T0, T0 + 4999_000, 5000));
  }

  @Test
  void a_series_may_change_its_kind_of_value() throws Exception {
    List<Point> sent = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Value value =
          switch (i / 100 % 4) {
            case 0 -> new Value.Num(i / 10.0);
            case 1 -> new Value.Flag(i % 3 == 0);
            case 2 -> new Value.Text("state " + i % 7);
            default -> new Value.Json("[" + i + "]");
          };
      sent.add(new Point(T0 + i, value));
    }
    appendAll("pump", "mixed", sent);
    assertThat(read("pump", "mixed")).isEqualTo(sent);
    reopen();
    assertThat(read("pump", "mixed")).isEqualTo(sent);
  }

  @Test
  void late_readings_are_kept_in_their_place() throws Exception {
    List<Point> sent = new ArrayList<>();
    Random random = new Random(11);
    for (int i = 0; i < 3000; i++) {
      sent.add(new Point(T0 + i * 1000L, num(random.nextInt(1000) / 10.0)));
    }
    List<Point> shuffled = new ArrayList<>(sent);
    Collections.shuffle(shuffled, random);
    for (int i = 0; i < shuffled.size(); i += 50) {
      appendAll("pump", "t", shuffled.subList(i, Math.min(i + 50, shuffled.size())));
    }
    assertThat(read("pump", "t")).isEqualTo(sent);
    reopen();
    assertThat(read("pump", "t")).isEqualTo(sent);
  }

  @Test
  void the_value_that_was_appended_last_stands() throws Exception {
    Random random = new Random(13);
    TreeMap<Long, Value> expected = new TreeMap<>();
    for (int round = 0; round < 60; round++) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Point point = new Point(T0 + random.nextInt(1500), num(round * 1000 + i));
        points.add(point);
        expected.put(point.ts(), point.value());
      }
      appendAll("pump", "t", points);
      if (round == 30) {
        reopen();
      }
      assertThat(read("pump", "t")).isEqualTo(pointsOf(expected));
    }
    reopen();
    assertThat(read("pump", "t")).isEqualTo(pointsOf(expected));
  }

  @Test
  void an_older_reading_never_replaces_the_latest() throws Exception {
    append("pump", new Reading("t", T0 + 10, num(1)));
    append("pump", new Reading("t", T0, num(2)));
    append("pump", new Reading("p", T0, new Value.Flag(true)));
    Map<String, Reading> expected =
        Map.of(
            "t", new Reading("t", T0 + 10, num(1)),
            "p", new Reading("p", T0, new Value.Flag(true)));
    assertThat(latest("pump")).isEqualTo(expected);
    reopen();
    assertThat(latest("pump")).isEqualTo(expected);
    append("pump", new Reading("t", T0 + 10, num(3)));
    append("pump", new Reading("t", T0 + 9, num(4)));
    assertThat(latest("pump")).containsEntry("t", new Reading("t", T0 + 10, num(3)));
  }

  @Test
  void a_device_that_never_reported_has_nothing() {
    assertThat(await(store.latest(List.of("nobody")))).isEmpty();
    assertThat(metrics("nobody")).isEmpty();
    assertThat(read("nobody", "t")).isEmpty();
  }

  @Test
  void a_range_holds_its_start_but_not_its_end() {
    walk("pump", "t", 1000, 3);
    List<Point> some = await(store.read(new Range("pump", "t", T0 + 1000, T0 + 3000), 100));
    assertThat(some).extracting(Point::ts).containsExactly(T0 + 1000, T0 + 2000);
  }

  @Test
  void a_limit_cuts_from_the_start_of_the_range() {
    List<Point> sent = walk("pump", "t", 1000, 3);
    List<Point> some = await(store.read(new Range("pump", "t", T0 + 10_000, Long.MAX_VALUE), 500));
    assertThat(some).isEqualTo(sent.subList(10, 510));
  }

  @Test
  void forgetting_a_device_leaves_the_others_and_lets_it_begin_anew() throws Exception {
    walk("pump", "t", 1000, 3);
    List<Point> kept = walk("fan", "t", 1000, 4);
    await(store.forget("pump"));
    assertThat(read("pump", "t")).isEmpty();
    assertThat(latest("pump")).isEmpty();
    append("pump", new Reading("t", T0, num(5)));
    reopen();
    assertThat(read("pump", "t")).containsExactly(new Point(T0, num(5)));
    assertThat(read("fan", "t")).isEqualTo(kept);
  }

  @Test
  void an_empty_batch_is_kept_like_any_other() {
    await(store.append(new TelemetryBatch(List.of(), 0)));
  }

  @Test
  void after_the_close_everything_is_refused() throws Exception {
    await(store.close());
    assertThatThrownBy(() -> append("pump", new Reading("t", T0, num(1))))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.UNAVAILABLE));
    assertThatThrownBy(() -> read("pump", "t")).isInstanceOf(Refusal.class);
  }

  /** A one-decimal random walk, one reading a second, appended in batches. */
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

  protected void append(String device, Reading... readings) {
    Telemetry message = new Telemetry(device, List.of(readings));
    await(store.append(new TelemetryBatch(List.of(message), readings.length)));
  }

  protected List<Point> read(String device, String metric) {
    return await(
        store.read(new Range(device, metric, Long.MIN_VALUE, Long.MAX_VALUE), Integer.MAX_VALUE));
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

  protected static List<Point> pointsOf(TreeMap<Long, Value> values) {
    return values.entrySet().stream().map(e -> new Point(e.getKey(), e.getValue())).toList();
  }

  protected static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within 20 s", e);
    }
  }
}
