package io.signalbox.sim.report;

import java.util.Arrays;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;

/** Timestamps and value fingerprints of one metric in two sorted arrays. */
final class FingerprintSeries {
  static final FingerprintSeries EMPTY = new FingerprintSeries();

  private long[] ts = new long[8];
  private long[] values = new long[8];
  private int size;
  private boolean ordered = true;

  void add(long at, long value) {
    if (size == ts.length) {
      ts = Arrays.copyOf(ts, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    ordered &= size == 0 || ts[size - 1] < at;
    ts[size] = at;
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long ts(int index) {
    return ts[index];
  }

  long value(int index) {
    return values[index];
  }

  /** Index of a timestamp; negative if absent. */
  int find(long at) {
    order();
    return Arrays.binarySearch(ts, 0, size, at);
  }

  /** Extends a span to cover this series. */
  void widen(LongSummaryStatistics span) {
    order();
    if (size > 0) {
      span.accept(ts[0]);
      span.accept(ts[size - 1]);
    }
  }

  /** Deferred messages are acknowledged after later ones, so entries may need sorting. */
  private void order() {
    if (ordered) {
      return;
    }
    long[] oldTs = ts;
    long[] oldValues = values;
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted((a, b) -> Long.compare(oldTs[a], oldTs[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    ts = Arrays.stream(order).mapToLong(i -> oldTs[i]).toArray();
    values = Arrays.stream(order).mapToLong(i -> oldValues[i]).toArray();
    ordered = true;
  }
}
