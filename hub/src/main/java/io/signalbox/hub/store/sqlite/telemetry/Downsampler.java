package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reducer of a time range, bucket by bucket, over readings in time order. For chunks that lie
 * within one bucket their statistics are used, so a long range reads few bodies or none. Used once,
 * by one thread.
 */
final class Downsampler implements SeriesScan.Sink {
  private final TimeBuckets buckets;
  private final Reduction reduction;
  private final List<Point> points = new ArrayList<>();
  private long bucket = Long.MIN_VALUE;

  /** Reduction of a bucket's readings to points. */
  sealed interface Reduction permits MinMaxReducer, MeanReducer, LastReducer {
    /** Adds a chunk of the current bucket by its statistics; false to get its readings instead. */
    boolean chunk(ChunkRow row);

    /** Adds a reading of the current bucket. */
    void reading(PointBlock block, int i);

    /** Ends the current bucket: appends its points and resets. */
    void end(long bucketStart, List<Point> points) throws SQLException;
  }

  Downsampler(TimeBuckets buckets, Reduction reduction) {
    this.buckets = buckets;
    this.reduction = reduction;
  }

  List<Point> reduce(SeriesScan scan) throws SQLException {
    scan.run(this);
    enter(Long.MAX_VALUE);
    return points;
  }

  @Override
  public boolean whole(ChunkRow row) throws SQLException {
    if (!buckets.hold(row)) {
      return false;
    }
    enter(buckets.of(row.first()));
    return reduction.chunk(row);
  }

  @Override
  public boolean point(PointBlock block, int i) throws SQLException {
    enter(buckets.of(block.ts(i)));
    reduction.reading(block, i);
    return true;
  }

  private void enter(long next) throws SQLException {
    if (next != bucket && bucket != Long.MIN_VALUE) {
      reduction.end(buckets.start(bucket), points);
    }
    bucket = next;
  }
}
