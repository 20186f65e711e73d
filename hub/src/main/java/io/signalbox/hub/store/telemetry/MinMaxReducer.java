package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.util.List;

/** Reduction to a bucket's minimum and maximum, in time order; one point if they are equal. */
final class MinMaxReducer implements Downsampler.Reduction {
  private boolean any;
  private double min;
  private long minAt;
  private double max;
  private long maxAt;

  @Override
  public boolean chunk(ChunkHead head) {
    if (head.numbers() > 0) {
      offer(head.min(), head.minAt());
      offer(head.max(), head.maxAt());
    }
    return true;
  }

  @Override
  public void reading(PointBlock block, int i) {
    if (block.isNumber(i)) {
      offer(block.number(i), block.ts(i));
    }
  }

  private void offer(double number, long at) {
    if (!any || number < min) {
      min = number;
      minAt = at;
    }
    if (!any || number > max) {
      max = number;
      maxAt = at;
    }
    any = true;
  }

  @Override
  public void end(long bucketStart, List<Point> points) {
    if (!any) {
      return;
    }
    Point smallest = new Point(minAt, new Value.Num(min));
    Point largest = new Point(maxAt, new Value.Num(max));
    if (minAt != maxAt) {
      points.add(minAt < maxAt ? smallest : largest);
    }
    points.add(minAt < maxAt ? largest : smallest);
    any = false;
  }
}
