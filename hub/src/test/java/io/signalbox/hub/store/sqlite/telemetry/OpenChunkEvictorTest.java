package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Eviction of open chunks beyond the memory limit. */
class OpenChunkEvictorTest {
  private static final int SERIES = 100;

  private final SeriesIndex index = new SeriesIndex(() -> 0);

  @Test
  void nothing_is_evicted_below_the_limit() {
    long weight = fill();
    assertThat(new OpenChunkEvictor(index, 2 * weight).next(Long.MAX_VALUE / 2, 1000)).isEmpty();
  }

  @Test
  void idle_chunks_are_evicted_before_busy_ones() {
    long weight = fill();
    index.all().forEach(series -> series.touched = busy(series));
    List<LiveSeries> leave =
        new OpenChunkEvictor(index, weight * 3 / 4).next(Long.MAX_VALUE / 2, 1000);
    assertThat(leave).hasSize(SERIES / 4).noneMatch(OpenChunkEvictorTest::busy);
  }

  @Test
  void busy_chunks_are_evicted_when_idle_ones_do_not_suffice() {
    long weight = fill();
    index.all().forEach(series -> series.touched = true);
    List<LiveSeries> leave = new OpenChunkEvictor(index, weight / 2).next(Long.MAX_VALUE / 2, 1000);
    assertThat(leave).hasSize(SERIES / 2);
  }

  @Test
  void a_slice_is_bounded_and_the_next_one_continues() {
    long weight = fill();
    OpenChunkEvictor eviction = new OpenChunkEvictor(index, weight / 2);
    List<LiveSeries> first = eviction.next(Long.MAX_VALUE / 2, 30);
    List<LiveSeries> second = eviction.next(Long.MAX_VALUE / 2, 30);
    assertThat(first).hasSize(30);
    assertThat(second).hasSize(20).doesNotContainAnyElementsOf(first);
    assertThat(eviction.hasWork(Long.MAX_VALUE / 2)).isFalse();
  }

  private static boolean busy(LiveSeries series) {
    return series.id % 2 == 0;
  }

  private long fill() {
    ChunkIdSequence rows = new ChunkIdSequence(0);
    for (int i = 0; i < SERIES; i++) {
      LiveSeries series = new LiveSeries(i, "device-" + i, "t");
      for (int k = 0; k < 50; k++) {
        series.take(k, new Value.Num(k), rows);
      }
      series.touched = false;
      index.add(series);
    }
    return index.all().stream().mapToLong(LiveSeries::weight).sum();
  }
}
