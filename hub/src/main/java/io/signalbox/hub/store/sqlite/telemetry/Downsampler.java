package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reduces a range bucket by bucket, as its readings come in order of time. Chunks that lie within
 * one bucket are taken by their statistics, so a long range reads few bodies or none. One thread,
 * used once.
 */
final class Downsampler implements SeriesScan.Sink {
  private final TimeBuckets buckets;
  private final Reduction reduction;
  private final List<Point> points = new ArrayList<>();
  private long bucket = Long.MIN_VALUE;

  /** What is made of the readings of one bucket after the other. */
  sealed interface Reduction permits MinMaxReducer, MeanReducer, LastReducer {
    /** A chunk of the present bucket, by its statistics; false to be given its readings. */
    boolean chunk(ChunkRow row);

    /** A reading of the present bucket. */
    void reading(PointBlock block, int i);

    /** The present bucket is over: adds what it comes to, and begins anew. */
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
