package io.signalbox.hub.telemetry;

/**
 * How a bucket of readings is reduced. All but {@link #LAST} and {@link #STATES} look at numbers
 * only.
 */
public enum Aggregate {
  /** The true smallest and the true largest reading of each bucket, in time order. */
  MINMAX,
  /** The mean of each bucket, at the bucket's start. */
  AVG,
  /** The last reading of each bucket. */
  LAST,
  /**
   * Largest triangle, three buckets (Steinarsson 2013): the readings that keep the curve's shape.
   */
  LTTB,
  /** No buckets, but spans of equal values with how long each held: see {@link StateHistory}. */
  STATES
}
