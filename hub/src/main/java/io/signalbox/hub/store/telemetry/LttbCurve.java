package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Downsampler that keeps the shape of a curve, by the algorithm Largest Triangle Three Buckets (S.
 * Steinarsson, "Downsampling Time Series for Visual Representation", 2013). One thread.
 */
public final class LttbCurve implements SeriesScan.Sink {
  /** Above this number of readings, the minima and maxima of small buckets are used instead. */
  static final int MOST = 250_000;

  private static final int BUCKETS_PER_POINT = 8;

  private long[] ts = new long[1024];
  private double[] numbers = new double[1024];
  private int size;

  /** An empty curve. */
  public LttbCurve() {}

  @Override
  public boolean point(PointBlock block, int i) {
    if (block.isNumber(i)) {
      add(block.ts(i), block.number(i));
    }
    return size <= MOST;
  }

  /** Whether there were more readings than the limit. */
  public boolean isTooLong() {
    return size > MOST;
  }

  /** Number of small buckets of a curve that is too long. */
  public static int buckets(int points) {
    return (int) Math.min((long) points * BUCKETS_PER_POINT, MOST);
  }

  /** A curve of the numbers among the points. */
  public static LttbCurve of(List<Point> points) {
    LttbCurve curve = new LttbCurve();
    for (Point point : points) {
      if (point.value() instanceof Value.Num num) {
        curve.add(point.ts(), num.number());
      }
    }
    return curve;
  }

  private void add(long at, double number) {
    if (size == ts.length) {
      ts = Arrays.copyOf(ts, size * 2);
      numbers = Arrays.copyOf(numbers, size * 2);
    }
    ts[size] = at;
    numbers[size++] = number;
  }

  /** The selected readings, at most this number, including the first and the last. */
  public List<Point> thinned(int count) {
    List<Point> kept = new ArrayList<>();
    if (count >= size || count < 3) {
      for (int i = 0; i < size; i += count >= size ? 1 : Math.max(1, size - 1)) {
        kept.add(point(i));
      }
      return kept.subList(0, Math.min(kept.size(), count));
    }
    double width = (size - 2) / (double) (count - 2);
    int chosen = 0;
    kept.add(point(0));
    for (int bucket = 0; bucket < count - 2; bucket++) {
      int start = (int) (bucket * width) + 1;
      int end = (int) ((bucket + 1) * width) + 1;
      int after = Math.min((int) ((bucket + 2) * width) + 1, size);
      chosen = largestTriangle(chosen, start, end, after);
      kept.add(point(chosen));
    }
    kept.add(point(size - 1));
    return kept;
  }

  /** The reading from start to end that forms the largest triangle with its neighbours. */
  private int largestTriangle(int before, int start, int end, int after) {
    double meanTs = 0;
    double meanNumber = 0;
    for (int i = end; i < after; i++) {
      meanTs += (double) (ts[i] - ts[before]) / (after - end);
      meanNumber += numbers[i] / (after - end);
    }
    int best = start;
    double bestArea = -1;
    for (int i = start; i < end; i++) {
      double area =
          Math.abs(
              meanTs * (numbers[i] - numbers[before])
                  - (ts[i] - ts[before]) * (meanNumber - numbers[before]));
      if (area > bestArea) {
        bestArea = area;
        best = i;
      }
    }
    return best;
  }

  private Point point(int i) {
    return new Point(ts[i], new Value.Num(numbers[i]));
  }
}
