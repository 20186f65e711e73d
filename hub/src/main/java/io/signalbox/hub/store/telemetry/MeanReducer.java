package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.util.List;

/** Reduction to the mean of a bucket's numbers, at the bucket's start. */
final class MeanReducer implements Downsampler.Reduction {
  private static final double SMALL = 0x1p-64;

  private long count;
  private double sum;
  // The same sum, scaled down so that it cannot overflow.
  private double small;

  @Override
  public boolean chunk(ChunkHead head) {
    if (head.numbers() == 0) {
      return true;
    }
    if (!Double.isFinite(head.sum())) {
      return false;
    }
    add(head.sum(), head.numbers());
    return true;
  }

  @Override
  public boolean needsBody(ChunkHead head, boolean lastOfBucket) {
    return head.numbers() > 0 && !Double.isFinite(head.sum());
  }

  @Override
  public void reading(PointBlock block, int i) {
    if (block.isNumber(i)) {
      add(block.number(i), 1);
    }
  }

  private void add(double more, int numbers) {
    sum += more;
    small += more * SMALL;
    count += numbers;
  }

  @Override
  public void end(long bucketStart, List<Point> points) {
    if (count > 0) {
      double mean = Double.isFinite(sum) ? sum / count : small / count / SMALL;
      points.add(new Point(bucketStart, new Value.Num(mean)));
    }
    count = 0;
    sum = 0;
    small = 0;
  }
}
