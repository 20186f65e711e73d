package io.signalbox.hub.polling;

/**
 * Forecast of the rate λ of commands by the mixture of {@link CommandRateModel}. The expected rate
 * satisfies {@code λ = u·usual + Σ sᵢ·rᵢ} and {@code drᵢ/dt = (λ - rᵢ) / τᵢ}: recent rates decay,
 * and expected commands raise them again.
 *
 * <p>A poll at T costs pollCost plus the waiting of the commands until then, so the cost per second
 * is {@code (pollCost + ∫₀ᵀ (T - t) λ(t) dt) / T}. It is minimal where {@code ∫₀ᵀ t λ(t) dt =
 * pollCost}: at √(2 pollCost / λ) for a constant rate, earlier for a rising rate and later for a
 * falling one. Threading: used once, by one thread.
 */
final class RateForecast {
  /** First integration step, as a fraction of the interval for a constant rate. */
  private static final double FIRST_STEP = 1 / 12.0;

  private static final double GROWTH = 1.12;
  private static final double LONGEST = 30.0 * 86_400;

  private final float[] scales;
  private final double[] rates;
  private final float[] shares;
  private final double usual;

  /** A forecast; the weight of the long-run rate is last. */
  RateForecast(float[] scales, float[] rates, float[] shares, float usual) {
    this.scales = scales;
    this.rates = new double[rates.length];
    for (int scale = 0; scale < rates.length; scale++) {
      this.rates[scale] = rates[scale];
    }
    this.shares = shares;
    this.usual = (double) shares[rates.length] * usual;
  }

  /** The interval, in seconds, with the lowest cost per second. */
  double cheapest(double pollCost) {
    double step = FIRST_STEP * Math.sqrt(2 * pollCost / rate());
    double left = pollCost;
    double time = 0;
    while (time < LONGEST) {
      double rate = rate();
      double gathered = (time + step / 2) * rate * step;
      if (gathered >= left) {
        // With a constant rate within the step: ½ λ (T² - time²) = left.
        return Math.sqrt(time * time + 2 * left / rate);
      }
      left -= gathered;
      time += step;
      pass(step, rate);
      step *= GROWTH;
    }
    return LONGEST;
  }

  private double rate() {
    double rate = usual;
    for (int scale = 0; scale < rates.length; scale++) {
      rate += shares[scale] * rates[scale];
    }
    return rate;
  }

  private void pass(double seconds, double rate) {
    for (int scale = 0; scale < rates.length; scale++) {
      rates[scale] += (rate - rates[scale]) * seconds / (scales[scale] + seconds);
    }
  }
}
