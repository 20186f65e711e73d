package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reducer of a time range, bucket by bucket, over readings in time order. For chunks that lie
 * within one bucket their statistics are used, so a long range reads few bodies or none. Used once,
 * by one thread.
 */
public final class Downsampler implements SeriesScan.Sink {
  private final TimeBuckets buckets;
  private final Reduction reduction;
  private final List<Point> points = new ArrayList<>();
  private long bucket = Long.MIN_VALUE;

  /** Reduction of a bucket's readings to points. */
  sealed interface Reduction permits MinMaxReducer, MeanReducer, LastReducer {
    /** Adds a chunk of the current bucket by its statistics; false to get its readings instead. */
    boolean chunk(ChunkHead head);

    /** Whether a chunk within one bucket is needed with its readings. */
    default boolean needsBody(ChunkHead head, boolean lastOfBucket) {
      return false;
    }

    /** Adds a reading of the current bucket. */
    void reading(PointBlock block, int i);

    /** Ends the current bucket: appends its points and resets. */
    void end(long bucketStart, List<Point> points);
  }

  private Downsampler(TimeBuckets buckets, Reduction reduction) {
    this.buckets = buckets;
    this.reduction = reduction;
  }

  /**
   * A reducer of a range that is not empty.
   *
   * @param count number of buckets, at least 1
   * @param aggregate MINMAX, AVG or LAST; for others there are {@link LttbCurve} and {@link
   *     StateSpanReducer}
   * @param bodies reads a chunk by its id
   */
  public static Downsampler of(
      SeriesRange range, int count, Aggregate aggregate, LongFunction<PointBlock> bodies) {
    Reduction reduction =
        switch (aggregate) {
          case MINMAX -> new MinMaxReducer();
          case AVG -> new MeanReducer();
          case LAST -> new LastReducer(bodies);
          case LTTB, STATES -> throw new IllegalArgumentException(aggregate + " has no buckets");
        };
    return new Downsampler(TimeBuckets.over(range.from(), range.to(), count), reduction);
  }

  /** The points, after the last scan. */
  public List<Point> finish() {
    enter(Long.MAX_VALUE);
    return points;
  }

  @Override
  public boolean whole(ChunkHead head) {
    if (!buckets.hold(head)) {
      return false;
    }
    enter(buckets.of(head.first()));
    return reduction.chunk(head);
  }

  @Override
  public boolean needsBody(ChunkHead head, @Nullable ChunkHead next) {
    boolean lastOfBucket = next == null || buckets.of(next.first()) != buckets.of(head.last());
    return !buckets.hold(head) || reduction.needsBody(head, lastOfBucket);
  }

  @Override
  public boolean point(PointBlock block, int i) {
    enter(buckets.of(block.ts(i)));
    reduction.reading(block, i);
    return true;
  }

  private void enter(long next) {
    if (next != bucket && bucket != Long.MIN_VALUE) {
      reduction.end(buckets.start(bucket), points);
    }
    bucket = next;
  }
}
