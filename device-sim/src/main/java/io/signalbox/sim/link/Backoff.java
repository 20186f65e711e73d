package io.signalbox.sim.link;

import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: exponential, with full jitter. */
public final class Backoff {
  private final long firstMillis;
  private final long longestMillis;
  private int failures;

  /** Up to {@code firstMillis} after the first failure, twice as much after each other. */
  public Backoff(long firstMillis, long longestMillis) {
    this.firstMillis = firstMillis;
    this.longestMillis = longestMillis;
  }

  /** Milliseconds to wait after one more failure. */
  public long next(RandomGenerator random) {
    long ceiling = Math.min(longestMillis, firstMillis << Math.min(failures, 20));
    failures++;
    return random.nextLong(ceiling + 1);
  }

  /** It worked: the next failure is the first again. */
  public void reset() {
    failures = 0;
  }
}
