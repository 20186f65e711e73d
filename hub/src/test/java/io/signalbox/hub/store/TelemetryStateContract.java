package io.signalbox.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.telemetry.StateHistory.Span;
import io.signalbox.hub.telemetry.StateHistory.Total;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Contract of state histories in all telemetry stores: values and their durations. */
abstract class TelemetryStateContract extends TelemetryStoreFixture {
  private static final long LATER = T0 + 100_000_000;
  private static final int PLENTY = 10_000;

  @Test
  void a_value_lasts_until_a_reading_with_another_value() {
    flags("door", 0, true, 10, true, 25, false, 30, true);

    StateHistory held = states("door", T0, T0 + 40, LATER, PLENTY);

    assertThat(held.spans())
        .containsExactly(span(0, true, 25), span(25, false, 5), span(30, true, 10));
    assertThat(held.totals())
        .containsExactly(
            new Total(new Value.Flag(true), 35, 2), new Total(new Value.Flag(false), 5, 1));
    assertThat(held.reduced()).isFalse();
    assertThat(held.otherMillis()).isZero();
  }

  @Test
  void the_value_before_the_range_applies_at_its_start() {
    flags("door", 0, false, 1_000, true);

    assertThat(states("door", T0 + 500, T0 + 600, LATER, PLENTY).spans())
        .containsExactly(span(500, false, 100));
    assertThat(states("door", T0 + 500, T0 + 1_500, LATER, PLENTY).spans())
        .containsExactly(span(500, false, 500), span(1_000, true, 500));
    assertThat(states("door", T0 - 500, T0 + 10, LATER, PLENTY).spans())
        .as("before the first reading nothing is known")
        .containsExactly(span(0, false, 10));
  }

  @Test
  void the_last_value_lasts_until_now() {
    flags("door", 0, true);

    assertThat(states("door", T0, T0 + 1_000, T0 + 300, PLENTY).spans())
        .containsExactly(span(0, true, 300));
    flags("door", 700, false, 800, true);
    assertThat(states("door", T0, T0 + 1_000, T0 + 300, PLENTY).spans())
        .as("readings of a clock that is ahead")
        .containsExactly(span(0, true, 700), span(700, false, 100));
  }

  @Test
  void without_a_reading_there_is_no_state() {
    assertThat(states("door", T0, T0 + 10, LATER, PLENTY)).isEqualTo(StateHistory.NOTHING);
    flags("door", 100, true);
    assertThat(states("door", T0, T0 + 10, LATER, PLENTY)).isEqualTo(StateHistory.NOTHING);
  }

  @Test
  void too_many_spans_are_reduced_to_the_longest_value_per_bucket() {
    flags("door", 0, true, 9, false, 10, true, 14, false, 30, true, 31, false);

    StateHistory held = states("door", T0, T0 + 40, LATER, 4);

    assertThat(held.reduced()).isTrue();
    assertThat(held.spans()).containsExactly(span(0, true, 10), span(10, false, 30));
    assertThat(held.totals())
        .containsExactly(
            new Total(new Value.Flag(false), 26, 3), new Total(new Value.Flag(true), 14, 3));
  }

  @Test
  void with_many_values_the_longest_have_totals() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      points.add(new Point(T0 + i * 10L, new Value.Text("state " + i)));
    }
    appendAll("pump", "mode", points);

    StateHistory held =
        await(store.states(new SeriesRange("pump", "mode", T0, T0 + 30_000), LATER, 100));

    assertThat(held.totals()).hasSize(StateHistory.MAX_TOTALS);
    assertThat(held.totals().stream().mapToLong(Total::millis).sum() + held.otherMillis())
        .isEqualTo(30_000);
    assertThat(held.spans()).hasSize(100);
    assertThat(held.spans().stream().mapToLong(Span::millis).sum()).isEqualTo(30_000);
  }

  @Test
  void states_match_the_readings_in_any_order_and_after_a_restart() throws Exception {
    NavigableMap<Long, Value> truth = untidyStates(41);
    Random random = new Random(43);
    for (int i = 0; i < 40; i++) {
      if (i == 20) {
        reopen();
      }
      long from = T0 - 1_000 + random.nextLong(7_000_000);
      SeriesRange range =
          new SeriesRange("pump", "mode", from, from + 1 + random.nextLong(3_000_000));
      StateHistory held = await(store.states(range, LATER, PLENTY));
      List<Span> expected = expected(truth, range);
      assertThat(held.spans()).as("%s", range).isEqualTo(expected);
      assertThat(totals(held.totals())).isEqualTo(totals(expected));
    }
  }

  @Test
  void numeric_aggregates_ignore_other_values() throws Exception {
    flags("door", 0, true);
    appendAll("pump", "t", List.of(new Point(T0, num(1)), new Point(T0 + 5, num(2))));
    for (int i = 0; i < 2; i++) {
      for (Aggregate aggregate : List.of(Aggregate.MINMAX, Aggregate.AVG, Aggregate.LTTB)) {
        assertThat(sample("door", T0, aggregate)).isEmpty();
        assertThat(sample("t", T0, aggregate)).isNotEmpty();
        assertThat(sample("t", T0 + 6, aggregate)).isEmpty();
        assertThat(sample("none", T0, aggregate)).isEmpty();
      }
      reopen();
    }
  }

  private List<Point> sample(String metric, long from, Aggregate aggregate) {
    return await(store.sample(new SeriesRange("pump", metric, from, T0 + 10), 1, aggregate));
  }

  private StateHistory states(String metric, long from, long to, long now, int most) {
    return await(store.states(new SeriesRange("pump", metric, from, to), now, most));
  }

  /** Alternating offsets from T0 and values. */
  private void flags(String metric, Object... offsetsAndValues) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < offsetsAndValues.length; i += 2) {
      points.add(
          new Point(
              T0 + (Integer) offsetsAndValues[i],
              new Value.Flag((Boolean) offsetsAndValues[i + 1])));
    }
    appendAll("pump", metric, points);
  }

  private static Span span(long offset, boolean on, long millis) {
    return new Span(T0 + offset, new Value.Flag(on), millis);
  }

  private NavigableMap<Long, Value> untidyStates(long seed) {
    Random random = new Random(seed);
    TreeMap<Long, Value> truth = new TreeMap<>();
    List<Point> batch = new ArrayList<>();
    long now = T0;
    for (int i = 0; i < 6_000; i++) {
      now += 500 + random.nextInt(1_000);
      long ts = random.nextInt(100) == 0 ? T0 + random.nextLong(now - T0) : now;
      Value value = new Value.Text("state " + random.nextInt(4));
      batch.add(new Point(ts, value));
      truth.put(ts, value);
      if (batch.size() >= 41) {
        appendAll("pump", "mode", batch);
        batch = new ArrayList<>();
      }
    }
    appendAll("pump", "mode", batch);
    return truth;
  }

  private static List<Span> expected(NavigableMap<Long, Value> truth, SeriesRange range) {
    List<Span> spans = new ArrayList<>();
    Map.Entry<Long, Value> before = truth.lowerEntry(range.from());
    TreeMap<Long, Value> held = new TreeMap<>(truth.subMap(range.from(), range.to()));
    if (before != null) {
      held.putIfAbsent(range.from(), before.getValue());
    }
    for (Map.Entry<Long, Value> each : held.entrySet()) {
      Long next = held.higherKey(each.getKey());
      long millis = (next == null ? range.to() : next) - each.getKey();
      Span last = spans.isEmpty() ? null : spans.getLast();
      if (last != null && last.value().equals(each.getValue())) {
        spans.set(spans.size() - 1, new Span(last.from(), last.value(), last.millis() + millis));
      } else {
        spans.add(new Span(each.getKey(), each.getValue(), millis));
      }
    }
    return spans;
  }

  private static Map<Value, Total> totals(List<?> spansOrTotals) {
    Map<Value, Total> totals = new HashMap<>();
    for (Object each : spansOrTotals) {
      Total one =
          each instanceof Span span ? new Total(span.value(), span.millis(), 1) : (Total) each;
      totals.merge(
          one.value(),
          one,
          (a, b) -> new Total(a.value(), a.millis() + b.millis(), a.times() + b.times()));
    }
    return totals;
  }
}
