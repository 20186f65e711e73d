package io.signalbox.sim;

/** Unix time that never goes back, even if the system clock is set back. */
final class MonotonicClock {
  private static final long STARTED_NANOS = System.nanoTime();
  private static final long STARTED_MILLIS = System.currentTimeMillis();

  private MonotonicClock() {}

  static long millis() {
    return STARTED_MILLIS + (System.nanoTime() - STARTED_NANOS) / 1_000_000;
  }
}
