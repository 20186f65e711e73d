package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Workload.Bursts;

/**
 * Strategy that knows the self-exciting process of the workload, but not its commands; it shows how
 * much a better estimate could gain. The interval follows from the same forecast, in closed form:
 * the rate expected in u seconds is {@code L + (λ - L) exp(-g u)} with {@code L = base / (1 - n)}
 * and {@code g = (1 - n) / τ}.
 */
final class OraclePoller implements PollStrategy {
  private final Bursts bursts;
  private final double pollCost;
  private double excited;
  private double last;

  OraclePoller(Bursts bursts, double pollCost) {
    this.bursts = bursts;
    this.pollCost = pollCost;
  }

  @Override
  public void recordArrival(double at) {
    age(at);
    excited += bursts.offspring() / bursts.scale();
  }

  @Override
  public double next(double now) {
    age(now);
    double low = 1e-3;
    double high = 1e7;
    for (int round = 0; round < 60; round++) {
      double middle = Math.sqrt(low * high);
      if (gathered(middle) < pollCost) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** ∫₀ᵀ u λ(u) du. */
  private double gathered(double time) {
    double settled = bursts.base() / (1 - bursts.offspring());
    double fading = (1 - bursts.offspring()) / bursts.scale();
    double above = bursts.base() + excited - settled;
    double faded = 1 - Math.exp(-fading * time) * (1 + fading * time);
    return settled * time * time / 2 + above * faded / (fading * fading);
  }

  private void age(double now) {
    excited *= Math.exp(-Math.max(0, now - last) / bursts.scale());
    last = Math.max(last, now);
  }
}
