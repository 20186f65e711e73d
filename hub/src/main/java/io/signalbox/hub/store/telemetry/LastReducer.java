package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Reduction to the last reading of a bucket, of any type. Only the last whole chunk is read. */
final class LastReducer implements Downsampler.Reduction {
  private final LongFunction<PointBlock> bodies;
  private @Nullable ChunkHead head;
  private @Nullable Point point;

  /**
   * A reduction.
   *
   * @param bodies reads a chunk by its id
   */
  LastReducer(LongFunction<PointBlock> bodies) {
    this.bodies = bodies;
  }

  @Override
  public boolean chunk(ChunkHead whole) {
    head = whole;
    point = null;
    return true;
  }

  @Override
  public boolean needsBody(ChunkHead whole, boolean lastOfBucket) {
    return lastOfBucket;
  }

  @Override
  public void reading(PointBlock block, int i) {
    head = null;
    point = new Point(block.ts(i), block.value(i));
  }

  @Override
  public void end(long bucketStart, List<Point> points) {
    if (head != null) {
      PointBlock block = bodies.apply(head.id());
      int last = block.size() - 1;
      points.add(new Point(block.ts(last), block.value(last)));
    } else if (point != null) {
      points.add(point);
    }
    head = null;
    point = null;
  }
}
