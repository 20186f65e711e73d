package io.signalbox.hub.store;

import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.Range;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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
  void minmax_keeps_the_true_extremes_of_every_bucket() throws Exception {
    TreeMap<Long, Value> truth = untidySeries("pump", "t", 17);
    for (int count : new int[] {1, 2, 7, 60, 500, 4000}) {
      Range range = new Range("pump", "t", T0 + 3, T0 + 5_000_000);
      assertThat(await(store.sample(range, count, Aggregate.MINMAX)))
          .as("%d buckets", count)
          .isEqualTo(extremes(truth, range, count));
    }
    reopen();
    Range all = new Range("pump", "t", T0 - 1000, T0 + 20_000_000);
    assertThat(await(store.sample(all, 50, Aggregate.MINMAX)))
        .isEqualTo(extremes(truth, all, 50));
  }

  @Test
  void last_is_the_last_reading_of_every_bucket() throws Exception {
    TreeMap<Long, Value> truth = untidySeries("pump", "t", 19);
    for (int count : new int[] {1, 13, 300, 5000}) {
      Range range = new Range("pump", "t", T0, T0 + 6_000_000);
      List<Point> expected = new ArrayList<>();
      buckets(truth, range, count).forEach((start, points) -> expected.add(points.getLast()));
      assertThat(await(store.sample(range, count, Aggregate.LAST))).isEqualTo(expected);
    }
  }

  @Test
  void avg_is_the_mean_of_every_bucket_at_its_start() throws Exception {
    TreeMap<Long, Value> truth = untidySeries("pump", "t", 23);
    for (int count : new int[] {1, 13, 300, 5000}) {
      Range range = new Range("pump", "t", T0, T0 + 6_000_000);
      List<Point> got = await(store.sample(range, count, Aggregate.AVG));
      List<Long> starts = new ArrayList<>();
      List<Double> means = new ArrayList<>();
      buckets(truth, range, count)
          .forEach(
              (start, points) -> {
                starts.add(start);
                means.add(
                    points.stream()
                        .mapToDouble(TelemetryStoreContract::number)
                        .average()
                        .orElseThrow());
              });
      assertThat(got).extracting(Point::ts).isEqualTo(starts);
      for (int i = 0; i < means.size(); i++) {
        assertThat(number(got.get(i))).isCloseTo(means.get(i), within(1e-9));
      }
    }
  }

  @Test
  void the_mean_of_enormous_numbers_is_a_number() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      points.add(new Point(T0 + i, num(Double.MAX_VALUE)));
    }
    appendAll("pump", "t", points);
    Range range = new Range("pump", "t", T0, T0 + 2000);
    assertThat(await(store.sample(range, 1, Aggregate.AVG)))
        .containsExactly(new Point(T0, num(Double.MAX_VALUE)));
  }

  @Test
  void lttb_keeps_the_ends_and_the_spike_between() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      points.add(new Point(T0 + i * 1000L, num(i == 4321 ? 900 : i % 10)));
    }
    appendAll("pump", "t", points);
    Range range = new Range("pump", "t", T0, Long.MAX_VALUE);
    List<Point> kept = await(store.sample(range, 100, Aggregate.LTTB));
    assertThat(kept).hasSize(100).isSubsetOf(points);
    assertThat(kept).contains(points.getFirst(), points.get(4321), points.getLast());
    assertThat(kept).extracting(Point::ts).isSorted();
    assertThat(await(store.sample(range, 20_000, Aggregate.LTTB))).isEqualTo(points);
    assertThat(await(store.sample(range, 2, Aggregate.LTTB)))
        .containsExactly(points.getFirst(), points.getLast());
  }

  @Test
  void samples_of_what_is_no_number_are_empty_but_for_the_last() {
    append("pump", new Reading("s", T0, new Value.Text("on")));
    Range range = new Range("pump", "s", T0, T0 + 10);
    for (Aggregate aggregate : List.of(Aggregate.MINMAX, Aggregate.AVG, Aggregate.LTTB)) {
      assertThat(await(store.sample(range, 5, aggregate))).isEmpty();
    }
    assertThat(await(store.sample(range, 5, Aggregate.LAST)))
        .containsExactly(new Point(T0, new Value.Text("on")));
  }

  @Test
  void readers_see_every_reading_that_was_acknowledged_while_others_write() throws Exception {
    int each = 4000;
    try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
      List<java.util.concurrent.Future<?>> done = new ArrayList<>();
      AtomicLong acknowledged = new AtomicLong(T0);
      for (int w = 0; w < 2; w++) {
        String metric = "m" + w;
        done.add(
            writers.submit(
                () -> {
                  for (int i = 0; i < each; i += 20) {
                    List<Point> points = new ArrayList<>();
                    for (int k = i; k < i + 20; k++) {
                      points.add(new Point(T0 + k, num(k)));
                    }
                    appendAll("pump", metric, points);
                    if (metric.equals("m0")) {
                      acknowledged.set(T0 + i + 20);
                    }
                  }
                }));
      }
      while (acknowledged.get() < T0 + each) {
        long known = acknowledged.get();
        List<Point> seen = read("pump", "m0");
        assertThat(seen.size()).isGreaterThanOrEqualTo((int) (known - T0));
        for (int i = 0; i < seen.size(); i++) {
          assertThat(seen.get(i)).isEqualTo(new Point(T0 + i, num(i)));
        }
        if (known > T0) {
          Range range = new Range("pump", "m0", T0, known);
          assertThat(await(store.sample(range, 1, Aggregate.MINMAX)))
              .last()
              .isEqualTo(new Point(known - 1, num(known - 1 - T0)));
        }
      }
      for (java.util.concurrent.Future<?> writer : done) {
        writer.get(20, TimeUnit.SECONDS);
      }
    }
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

  /** Readings in and out of order, some of them twice, over about 6,000 s; what must be kept. */
  protected TreeMap<Long, Value> untidySeries(String device, String metric, long seed) {
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

  private static List<Point> extremes(TreeMap<Long, Value> truth, Range range, int count) {
    List<Point> expected = new ArrayList<>();
    for (List<Point> points : buckets(truth, range, count).values()) {
      Comparator<Point> byNumber = Comparator.comparingDouble(TelemetryStoreContract::number);
      Point min = points.stream().min(byNumber).orElseThrow();
      Point max = points.stream().max(byNumber.thenComparing(Point::ts, reverseOrder())).orElseThrow();
      Stream.of(min, max).distinct().sorted(Comparator.comparing(Point::ts)).forEach(expected::add);
    }
    return expected;
  }

  private static TreeMap<Long, List<Point>> buckets(
      TreeMap<Long, Value> truth, Range range, int count) {
    long width = Math.ceilDiv(range.to() - range.from(), (long) count);
    TreeMap<Long, List<Point>> buckets = new TreeMap<>();
    for (Point point : pointsOf(truth)) {
      if (point.ts() >= range.from() && point.ts() < range.to()) {
        long start = range.from() + (point.ts() - range.from()) / width * width;
        buckets.computeIfAbsent(start, key -> new ArrayList<>()).add(point);
      }
    }
    return buckets;
  }

  private static double number(Point point) {
    return ((Value.Num) point.value()).number();
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
