package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.telemetry.SeriesSnapshot;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Index of all series by device and metric.
 *
 * <p>Threading: only the writer thread changes it, in {@link #change} (except for newest readings
 * that a query has loaded). The writer reads it without the lock, other threads in {@link #look}.
 * Both are short: the writer takes the lock once per commit, readers copy what they need.
 */
final class SeriesIndex {
  /** Tolerated lead of a device's clock. */
  private static final long AHEAD_MILLIS = 10_000;

  private final WallClock clock;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<String, DeviceSeries> devices = new HashMap<>();
  private final List<LiveSeries> all = new ArrayList<>();

  SeriesIndex(WallClock clock) {
    this.clock = clock;
  }

  /** The latest timestamp that is not in the future. */
  long credible() {
    return clock.wallMillis() + AHEAD_MILLIS;
  }

  void change(Runnable step) {
    lock.writeLock().lock();
    try {
      step.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  <T> T look(Supplier<T> step) {
    lock.readLock().lock();
    try {
      return step.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The device's series; null if it has none. */
  @Nullable DeviceSeries of(String device) {
    return devices.get(device);
  }

  /** The series; null if there is none. */
  @Nullable LiveSeries find(String device, String metric) {
    DeviceSeries found = devices.get(device);
    return found == null ? null : found.find(metric);
  }

  /** Copies a series' readings in memory; any thread. */
  SeriesSnapshot snapshot(LiveSeries series) {
    SeriesSnapshot copy =
        look(
            () ->
                new SeriesSnapshot(
                    row(series.main), copy(series.main), row(series.late), copy(series.late)));
    settle(copy.main());
    settle(copy.late());
    return copy;
  }

  private static long row(@Nullable OpenChunk tail) {
    return tail == null || tail.block == null ? 0 : tail.row;
  }

  private static @Nullable PointBlock copy(@Nullable OpenChunk tail) {
    return tail == null || tail.block == null ? null : tail.block.slice(0, tail.block.size());
  }

  private static void settle(@Nullable PointBlock block) {
    if (block != null) {
      block.settle();
    }
  }

  /** The device's series that have readings. */
  List<LiveSeries> listOf(String device) {
    DeviceSeries found = devices.get(device);
    return found == null
        ? List.of()
        : found.list().stream().filter(LiveSeries::hasReadings).toList();
  }

  /** All series, in no particular order. */
  List<LiveSeries> all() {
    return all;
  }

  void add(LiveSeries series) {
    all.add(series);
    devices.computeIfAbsent(series.device, name -> new DeviceSeries()).add(series);
  }

  void remove(LiveSeries series) {
    all.remove(series);
    DeviceSeries left = devices.get(series.device);
    if (left != null && left.remove(series)) {
      devices.remove(series.device);
    }
  }

  /** The known newest readings of a device, and the series whose newest reading is unknown. */
  Map<String, Reading> latest(String device, List<LiveSeries> unknown) {
    Map<String, Reading> found = new HashMap<>();
    for (LiveSeries each : listOf(device)) {
      if (each.latest != null) {
        found.put(each.metric, each.latest);
      } else {
        unknown.add(each);
      }
    }
    return found;
  }

  /** A device's series; usually few, so a linear search by identity first. */
  static final class DeviceSeries {
    private static final int FEW = 12;
    private LiveSeries[] few = new LiveSeries[0];
    private final Map<String, LiveSeries> many = new HashMap<>(0);

    @Nullable LiveSeries find(String metric) {
      for (LiveSeries each : few) {
        if (each.metric.equals(metric)) {
          return each;
        }
      }
      return many.isEmpty() ? null : many.get(metric);
    }

    List<LiveSeries> list() {
      List<LiveSeries> list = new ArrayList<>(Arrays.asList(few));
      list.addAll(many.values());
      return list;
    }

    private void add(LiveSeries series) {
      if (few.length < FEW) {
        few = Arrays.copyOf(few, few.length + 1);
        few[few.length - 1] = series;
      } else {
        many.put(series.metric, series);
      }
    }

    /** Whether no series is left. */
    private boolean remove(LiveSeries series) {
      few = Arrays.stream(few).filter(each -> each != series).toArray(LiveSeries[]::new);
      many.remove(series.metric, series);
      return few.length == 0 && many.isEmpty();
    }
  }
}
