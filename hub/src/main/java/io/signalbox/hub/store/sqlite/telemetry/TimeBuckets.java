package io.signalbox.hub.store.sqlite.telemetry;

/**
 * A range cut into buckets of the same width, which is a whole number of milliseconds.
 *
 * @param from where the first begins, Unix milliseconds
 * @param width of each, in milliseconds
 */
record TimeBuckets(long from, long width) {
  // Beyond any calendar, and far enough from the ends of a long to reckon with.
  private static final long FARTHEST = 1L << 53;

  /** So many buckets over the range, or fewer. */
  static TimeBuckets over(long from, long to, int count) {
    long start = Math.clamp(from, -FARTHEST, FARTHEST);
    long span = Math.clamp(to, -FARTHEST, FARTHEST) - start;
    return new TimeBuckets(start, Math.max(1, Math.ceilDiv(span, (long) count)));
  }

  /** Number of the bucket that the instant falls into. */
  long of(long instant) {
    return Math.floorDiv(instant - from, width);
  }

  /** When the bucket begins. */
  long start(long bucket) {
    return from + bucket * width;
  }

  /** Whether the chunk lies in one bucket. */
  boolean hold(ChunkRow row) {
    return of(row.first()) == of(row.last());
  }
}
