package io.signalbox.sim.link;

import java.util.random.RandomGenerator;

/** Exponential backoff with full jitter. */
public final class Backoff {
  private final long firstMillis;
  private final long longestMillis;
  private int failures;

  /**
   * Creates a backoff of up to {@code firstMillis} after the first failure, doubled after each
   * further one.
   */
  public Backoff(long firstMillis, long longestMillis) {
    this.firstMillis = firstMillis;
    this.longestMillis = longestMillis;
  }

  /** Records a failure; milliseconds to wait. */
  public long next(RandomGenerator random) {
    long ceiling = Math.min(longestMillis, firstMillis << Math.min(failures, 20));
    failures++;
    return random.nextLong(ceiling + 1);
  }

  /** Resets the backoff. */
  public void reset() {
    failures = 0;
  }
}
