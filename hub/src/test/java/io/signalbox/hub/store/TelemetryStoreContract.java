package io.signalbox.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Contract of all telemetry stores; an implementation's test extends it and opens the store. */
public abstract class TelemetryStoreContract extends TelemetrySampleContract {
  @Test
  void a_reading_is_read_back_exactly() {
    Value[] values = {
      new Value.Num(21.4),
      new Value.Num(-0.0),
      new Value.Num(0.1 + 0.2),
      new Value.Num(Double.MIN_VALUE),
      new Value.Num(-Double.MAX_VALUE),
      new Value.Num(9_007_199_254_740_992.0),
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
  void a_series_can_change_its_type_of_value() throws Exception {
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
  void late_readings_are_stored_in_time_order() throws Exception {
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
  void the_last_appended_value_of_a_timestamp_wins() throws Exception {
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
  void a_device_without_readings_has_no_metrics() {
    assertThat(await(store.latest(List.of("nobody")))).isEmpty();
    assertThat(metrics("nobody")).isEmpty();
    assertThat(read("nobody", "t")).isEmpty();
  }

  @Test
  void a_range_includes_its_start_and_excludes_its_end() {
    walk("pump", "t", 1000, 3);
    List<Point> some = await(store.read(new SeriesRange("pump", "t", T0 + 1000, T0 + 3000), 100));
    assertThat(some).extracting(Point::ts).containsExactly(T0 + 1000, T0 + 2000);
  }

  @Test
  void a_limit_cuts_from_the_start_of_the_range() {
    List<Point> sent = walk("pump", "t", 1000, 3);
    List<Point> some =
        await(store.read(new SeriesRange("pump", "t", T0 + 10_000, Long.MAX_VALUE), 500));
    assertThat(some).isEqualTo(sent.subList(10, 510));
  }

  @Test
  void readers_see_every_acknowledged_reading_during_writes() throws Exception {
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
          SeriesRange range = new SeriesRange("pump", "m0", T0, known);
          assertThat(await(store.sample(range, 1, Aggregate.MINMAX)))
              .last()
              .isEqualTo(new Point(known - 1, num((double) (known - 1 - T0))));
        }
      }
      for (java.util.concurrent.Future<?> writer : done) {
        writer.get(120, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void deleting_an_unknown_or_deleted_device_changes_nothing() throws Exception {
    await(store.forget("nobody"));
    await(store.forget("nobody"));

    assertThat(await(store.metrics("nobody"))).isEmpty();
  }

  @Test
  void deleting_a_device_keeps_the_others_and_allows_new_readings() throws Exception {
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
  void an_empty_batch_is_acknowledged() {
    assertThat(await(store.append(new TelemetryBatch(List.of(), 0))).refusals()).isEmpty();
  }

  @Test
  void a_batch_of_several_devices_is_answered_for_each_message() throws Exception {
    List<TelemetryMessage> messages = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      messages.add(new TelemetryMessage("d" + i % 8, List.of(new Reading("t", T0 + i, num(i)))));
    }
    appendAll(new TelemetryBatch(messages, messages.size()));
    reopen();
    for (int device = 0; device < 8; device++) {
      assertThat(read("d" + device, "t")).hasSize(5);
      Reading last = new Reading("t", T0 + 32 + device, num(32 + device));
      assertThat(latest("d" + device)).containsEntry("t", last);
    }
  }

  @Test
  void every_append_around_a_close_is_answered_and_what_is_stored_is_kept() throws Exception {
    List<Future<BatchResult>> answers = new ArrayList<>();
    Future<Void> closed = Future.succeededFuture();
    for (int i = 0; i < 60; i++) {
      TelemetryMessage message =
          new TelemetryMessage("pump", List.of(new Reading("t", T0 + i, num(i))));
      answers.add(store.append(new TelemetryBatch(List.of(message), 1)));
      closed = i == 40 ? store.close() : closed;
    }
    List<Point> stored = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      try {
        if (await(answers.get(i)).refusal(0) == null) {
          stored.add(new Point(T0 + i, num(i)));
        }
      } catch (Refusal refused) {
        assertThat(refused.kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
      }
    }
    await(closed);
    store = open();
    assertThat(stored).isNotEmpty();
    assertThat(read("pump", "t")).isEqualTo(stored);
  }

  @Test
  void a_working_store_has_no_trouble_and_counts() {
    append("pump", new Reading("t", T0, num(1)), new Reading("p", T0, num(2)));
    append("fan", new Reading("t", T0, num(1)));

    assertThat(store.trouble()).isNull();
    assertThat(store.statistics().series()).isEqualTo(3);
    assertThat(store.statistics().pending()).isZero();
    assertThat(store.statistics().commits()).isPositive();
  }

  @Test
  void after_close_everything_is_refused() throws Exception {
    await(store.close());
    assertThatThrownBy(() -> append("pump", new Reading("t", T0, num(1))))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE));
    assertThatThrownBy(() -> read("pump", "t")).isInstanceOf(Refusal.class);
  }
}
