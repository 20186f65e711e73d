package io.signalbox.hub.store;

import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Contract of samples in all telemetry stores. */
abstract class TelemetrySampleContract extends TelemetryStateContract {
  @Test
  void minmax_keeps_the_true_extremes_of_every_bucket() throws Exception {
    SortedMap<Long, Value> truth = unorderedSeries("pump", "t", 17);
    for (int count : new int[] {1, 2, 7, 60, 500, 4000}) {
      SeriesRange range = new SeriesRange("pump", "t", T0 + 3, T0 + 5_000_000);
      assertThat(await(store.sample(range, count, Aggregate.MINMAX)))
          .as("%d buckets", count)
          .isEqualTo(extremes(truth, range, count));
    }
    reopen();
    SeriesRange all = new SeriesRange("pump", "t", T0 - 1000, T0 + 20_000_000);
    assertThat(await(store.sample(all, 50, Aggregate.MINMAX))).isEqualTo(extremes(truth, all, 50));
  }

  @Test
  void last_is_the_last_reading_of_every_bucket() throws Exception {
    SortedMap<Long, Value> truth = unorderedSeries("pump", "t", 19);
    for (int count : new int[] {1, 13, 300, 5000}) {
      SeriesRange range = new SeriesRange("pump", "t", T0, T0 + 6_000_000);
      List<Point> expected = new ArrayList<>();
      buckets(truth, range, count).forEach((start, points) -> expected.add(points.getLast()));
      assertThat(await(store.sample(range, count, Aggregate.LAST))).isEqualTo(expected);
    }
  }

  @Test
  void avg_is_the_mean_of_every_bucket_at_its_start() throws Exception {
    SortedMap<Long, Value> truth = unorderedSeries("pump", "t", 23);
    for (int count : new int[] {1, 13, 300, 5000}) {
      SeriesRange range = new SeriesRange("pump", "t", T0, T0 + 6_000_000);
      List<Point> got = await(store.sample(range, count, Aggregate.AVG));
      List<Long> starts = new ArrayList<>();
      List<Double> means = new ArrayList<>();
      buckets(truth, range, count)
          .forEach(
              (start, points) -> {
                starts.add(start);
                means.add(
                    points.stream()
                        .mapToDouble(TelemetryStoreFixture::number)
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
  void the_mean_of_very_large_numbers_does_not_overflow() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      points.add(new Point(T0 + i, num(Double.MAX_VALUE)));
    }
    appendAll("pump", "t", points);
    SeriesRange range = new SeriesRange("pump", "t", T0, T0 + 2000);
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
    SeriesRange range = new SeriesRange("pump", "t", T0, Long.MAX_VALUE);
    List<Point> kept = await(store.sample(range, 100, Aggregate.LTTB));
    assertThat(kept).hasSize(100).isSubsetOf(points);
    assertThat(kept).contains(points.getFirst(), points.get(4321), points.getLast());
    assertThat(kept).extracting(Point::ts).isSorted();
    assertThat(await(store.sample(range, 20_000, Aggregate.LTTB))).isEqualTo(points);
    assertThat(await(store.sample(range, 2, Aggregate.LTTB)))
        .containsExactly(points.getFirst(), points.getLast());
  }

  @Test
  void samples_of_non_numeric_values_are_empty_except_for_the_last() {
    append("pump", new Reading("s", T0, new Value.Text("on")));
    SeriesRange range = new SeriesRange("pump", "s", T0, T0 + 10);
    for (Aggregate aggregate : List.of(Aggregate.MINMAX, Aggregate.AVG, Aggregate.LTTB)) {
      assertThat(await(store.sample(range, 5, aggregate))).isEmpty();
    }
    assertThat(await(store.sample(range, 5, Aggregate.LAST)))
        .containsExactly(new Point(T0, new Value.Text("on")));
  }

  private static List<Point> extremes(SortedMap<Long, Value> truth, SeriesRange range, int count) {
    List<Point> expected = new ArrayList<>();
    for (List<Point> points : buckets(truth, range, count).values()) {
      Comparator<Point> byNumber = Comparator.comparingDouble(TelemetryStoreFixture::number);
      Point min = points.stream().min(byNumber).orElseThrow();
      Point max =
          points.stream().max(byNumber.thenComparing(Point::ts, reverseOrder())).orElseThrow();
      Stream.of(min, max)
          .distinct()
          .sorted(Comparator.comparingLong(Point::ts))
          .forEach(expected::add);
    }
    return expected;
  }

  private static SortedMap<Long, List<Point>> buckets(
      SortedMap<Long, Value> truth, SeriesRange range, int count) {
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
}
