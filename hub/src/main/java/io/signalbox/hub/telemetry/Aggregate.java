package io.signalbox.hub.telemetry;

/**
 * Aggregate functions over buckets of readings. All but {@link #LAST} and {@link #STATES} use
 * numbers only.
 */
public enum Aggregate {
  /** The minimum and the maximum reading of each bucket, in time order. */
  MINMAX,
  /** The mean of each bucket, at the start of the bucket. */
  AVG,
  /** The last reading of each bucket. */
  LAST,
  /**
   * Largest triangle, three buckets (Steinarsson 2013): readings that preserve the curve's shape.
   */
  LTTB,
  /** Periods of equal values with their durations instead of buckets: see {@link StateHistory}. */
  STATES
}
