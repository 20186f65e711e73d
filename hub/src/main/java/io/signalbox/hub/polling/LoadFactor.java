package io.signalbox.hub.polling;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;

/**
 * Factor by which the hub stretches all poll intervals under load. A poll counts with the factor of
 * its interval, which is the number of polls without stretching. So the unstretched poll rate is
 * known at any factor, and the factor is this rate over the budget, without feedback that could
 * oscillate.
 *
 * <p>Threading: any thread.
 */
public final class LoadFactor {
  private static final long ROUND_MILLIS = 1_000;
  private static final double SMOOTHING = 0.1;
  private static final double FULLNESS_LIMIT = 0.5;

  private final double budget;
  private final double most;
  private final DoubleSupplier fullness;
  private final DoubleAdder wanted = new DoubleAdder();
  private final AtomicLong roundEnds = new AtomicLong();
  private double perSecond;
  private volatile double stretch = 1;

  /**
   * A factor of 1.
   *
   * @param fullness fill level of the store's queue, 0 to 1; intervals are stretched above 0.5
   */
  public LoadFactor(PollingSettings settings, DoubleSupplier fullness) {
    this.budget = settings.maxPollsPerSecond();
    this.most = settings.maxLoadFactor();
    this.fullness = fullness;
  }

  /** The current factor, at least 1. */
  public double stretch() {
    return stretch;
  }

  /** Counts a poll whose interval was stretched by this factor. */
  void polled(double stretched, long now) {
    wanted.add(stretched);
    long ends = roundEnds.get();
    if (now >= ends && roundEnds.compareAndSet(ends, now + ROUND_MILLIS)) {
      round(now - ends + ROUND_MILLIS);
    }
  }

  private synchronized void round(long millis) {
    double rate = wanted.sumThenReset() * 1_000 / millis;
    // After a pause, earlier rates have no weight.
    double weight = 1 - Math.pow(1 - SMOOTHING, (double) millis / ROUND_MILLIS);
    perSecond += weight * (rate - perSecond);
    double ofStore = (fullness.getAsDouble() - FULLNESS_LIMIT) / (1 - FULLNESS_LIMIT) * most;
    stretch = Math.clamp(Math.max(perSecond / budget, ofStore), 1, most);
  }
}
