package io.signalbox.hub.clock;

/**
 * Elapsed time, for durations and deadlines in memory. It never goes back and never jumps; its
 * values have no meaning outside this process.
 */
@FunctionalInterface
public interface MonotonicClock {
  /** Milliseconds since an arbitrary moment. */
  long monotonicMillis();
}
