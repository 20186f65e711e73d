package io.signalbox.hub.api;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Waits for a condition, with a deadline. */
final class Eventually {
  private static final long DEADLINE_NANOS = Duration.ofSeconds(20).toNanos();
  private static final int LOOKS = 25;

  private Eventually() {}

  static void holds(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** Waits until the figure has not changed for a good while. */
  static void steady(String what, IntSupplier figure) {
    int[] state = {figure.getAsInt(), 0};
    holds(
        what + " keep still",
        () -> {
          int now = figure.getAsInt();
          state[1] = now == state[0] ? state[1] + 1 : 0;
          state[0] = now;
          return state[1] >= LOOKS;
        });
  }
}
