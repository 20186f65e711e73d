package io.signalbox.hub.store.telemetry;

/**
 * Division of a time range into buckets of equal width.
 *
 * @param from start of the first bucket, Unix milliseconds
 * @param width width of a bucket, in whole milliseconds
 */
record TimeBuckets(long from, long width) {
  // Beyond all real dates, and small enough that sums do not overflow.
  private static final long FARTHEST = 1L << 53;

  /** At most this number of buckets over the range. */
  static TimeBuckets over(long from, long to, int count) {
    long start = Math.clamp(from, -FARTHEST, FARTHEST);
    long span = Math.clamp(to, -FARTHEST, FARTHEST) - start;
    return new TimeBuckets(start, Math.max(1, Math.ceilDiv(span, (long) count)));
  }

  /** Index of the bucket that contains the instant. */
  long of(long instant) {
    return Math.floorDiv(instant - from, width);
  }

  /** Start of the bucket. */
  long start(long bucket) {
    return from + bucket * width;
  }

  /** Whether the chunk lies within one bucket. */
  boolean hold(ChunkHead head) {
    return of(head.first()) == of(head.last());
  }
}
