package io.signalbox.hub.store.telemetry.codec;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Stable sort of timestamps. */
final class TimestampSort {
  private static final int INDEX_BITS = 20;

  private TimestampSort() {}

  /** Indexes in time order; of equal timestamps only the last one. */
  static int[] lastOfEach(long[] ts, int size) {
    int[] order = sorted(ts, size);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      boolean last = i + 1 == size || ts[order[i]] != ts[order[i + 1]];
      if (last) {
        order[kept++] = order[i];
      }
    }
    return Arrays.copyOf(order, kept);
  }

  private static int[] sorted(long[] ts, int size) {
    long min = Arrays.stream(ts, 0, size).min().orElse(0);
    long max = Arrays.stream(ts, 0, size).max().orElse(0);
    long span = max - min;
    if (size > 1 << INDEX_BITS || span < 0 || span >>> (63 - INDEX_BITS) != 0) {
      return byComparing(ts, size);
    }
    // Time and index in one long: a primitive sort is then stable and allocates nothing.
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = (ts[i] - min) << INDEX_BITS | i;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key & ((1 << INDEX_BITS) - 1)).toArray();
  }

  private static int[] byComparing(long[] ts, int size) {
    Comparator<Integer> byTime = Comparator.comparingLong(i -> ts[i]);
    return IntStream.range(0, size).boxed().sorted(byTime).mapToInt(i -> i).toArray();
  }
}
