package io.signalbox.hub.polling;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;

/**
 * How much longer than planned the hub asks all pollers to stay away. A poll that comes counts as
 * many as its interval was stretched by: that is how many would have come unstretched. So what the
 * fleet wants is known at any stretch, and the stretch is simply that over the budget, with no
 * feedback that could swing.
 *
 * <p>Threading: any thread.
 */
public final class LoadFactor {
  private static final long ROUND_MILLIS = 1_000;
  private static final double SMOOTHING = 0.1;
  private static final double FULL_ENOUGH = 0.5;

  private final double budget;
  private final double most;
  private final DoubleSupplier fullness;
  private final DoubleAdder wanted = new DoubleAdder();
  private final AtomicLong roundEnds = new AtomicLong();
  private double perSecond;
  private volatile double stretch = 1;

  /**
   * Pressure on a hub.
   *
   * @param fullness how full the way to the store is, 0 to 1; above a half, intervals are stretched
   */
  public LoadFactor(PollingSettings settings, DoubleSupplier fullness) {
    this.budget = settings.maxPollsPerSecond();
    this.most = settings.maxLoadFactor();
    this.fullness = fullness;
  }

  /** The factor by which intervals are stretched now: 1 or more. */
  public double stretch() {
    return stretch;
  }

  /** A poll came whose interval had been stretched so. */
  void polled(double stretched, long now) {
    wanted.add(stretched);
    long ends = roundEnds.get();
    if (now >= ends && roundEnds.compareAndSet(ends, now + ROUND_MILLIS)) {
      round(now - ends + ROUND_MILLIS);
    }
  }

  private synchronized void round(long millis) {
    double rate = wanted.sumThenReset() * 1_000 / millis;
    // After a pause the past says nothing.
    double weight = 1 - Math.pow(1 - SMOOTHING, (double) millis / ROUND_MILLIS);
    perSecond += weight * (rate - perSecond);
    double ofStore = (fullness.getAsDouble() - FULL_ENOUGH) / (1 - FULL_ENOUGH) * most;
    stretch = Math.clamp(Math.max(perSecond / budget, ofStore), 1, most);
  }
}
