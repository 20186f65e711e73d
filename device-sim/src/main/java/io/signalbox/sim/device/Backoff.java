package io.signalbox.sim.device;

import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: exponential, with full jitter. */
final class Backoff {
  private final long firstMillis;
  private final long longestMillis;
  private int failures;

  Backoff(long firstMillis, long longestMillis) {
    this.firstMillis = firstMillis;
    this.longestMillis = longestMillis;
  }

  /** Milliseconds to wait after one more failure. */
  long next(RandomGenerator random) {
    long ceiling = Math.min(longestMillis, firstMillis << Math.min(failures, 20));
    failures++;
    return random.nextLong(ceiling + 1);
  }

  /** It worked: the next failure is the first again. */
  void reset() {
    failures = 0;
  }
}
