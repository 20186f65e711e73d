package io.signalbox.hub.store.embedded.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which open chunks leave memory when all of them take too much. */
class EvictionTest {
  private static final int SERIES = 100;

  private final SeriesIndex index = new SeriesIndex(() -> 0);

  @Test
  void nobody_leaves_while_there_is_room() {
    long weight = fill();
    assertThat(new Eviction(index, 2 * weight).next(Long.MAX_VALUE / 2, 1000)).isEmpty();
  }

  @Test
  void the_idle_leave_before_the_busy_until_there_is_room() {
    long weight = fill();
    index.all().forEach(series -> series.touched = busy(series));
    List<Series> leave = new Eviction(index, weight * 3 / 4).next(Long.MAX_VALUE / 2, 1000);
    assertThat(leave).hasSize(SERIES / 4).noneMatch(EvictionTest::busy);
  }

  @Test
  void the_busy_leave_too_if_that_is_not_enough() {
    long weight = fill();
    index.all().forEach(series -> series.touched = true);
    List<Series> leave = new Eviction(index, weight / 2).next(Long.MAX_VALUE / 2, 1000);
    assertThat(leave).hasSize(SERIES / 2);
  }

  @Test
  void a_slice_is_no_larger_than_it_may_be_and_the_next_goes_on() {
    long weight = fill();
    Eviction eviction = new Eviction(index, weight / 2);
    List<Series> first = eviction.next(Long.MAX_VALUE / 2, 30);
    List<Series> second = eviction.next(Long.MAX_VALUE / 2, 30);
    assertThat(first).hasSize(30);
    assertThat(second).hasSize(20).doesNotContainAnyElementsOf(first);
    assertThat(eviction.hasWork(Long.MAX_VALUE / 2)).isFalse();
  }

  private static boolean busy(Series series) {
    return series.id % 2 == 0;
  }

  private long fill() {
    RowIds rows = new RowIds(0);
    for (int i = 0; i < SERIES; i++) {
      Series series = new Series(i, "device-" + i, "t");
      for (int k = 0; k < 50; k++) {
        series.take(k, new Value.Num(k), rows);
      }
      series.touched = false;
      index.add(series);
    }
    return index.all().stream().mapToLong(Series::weight).sum();
  }
}
