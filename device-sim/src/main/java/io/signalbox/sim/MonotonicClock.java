package io.signalbox.sim;

/** The devices' clock: Unix time that never goes back, whatever is done to the system's clock. */
final class MonotonicClock {
  private static final long STARTED_NANOS = System.nanoTime();
  private static final long STARTED_MILLIS = System.currentTimeMillis();

  private MonotonicClock() {}

  static long millis() {
    return STARTED_MILLIS + (System.nanoTime() - STARTED_NANOS) / 1_000_000;
  }
}
