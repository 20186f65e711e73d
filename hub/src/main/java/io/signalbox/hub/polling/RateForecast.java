package io.signalbox.hub.polling;

/**
 * How commands are expected to come from now on, if the rate λ at each moment is the mixture that
 * {@link CommandRateModel} says. The expected rate obeys {@code λ = u·usual + Σ sᵢ·rᵢ} and {@code
 * drᵢ/dt = (λ - rᵢ) / τᵢ}: what came lately fades, and what is expected to come in turn makes more
 * come.
 *
 * <p>Polling at T costs pollCost and what has come by then has waited, so the cost per second is
 * {@code (pollCost + ∫₀ᵀ (T - t) λ(t) dt) / T}. It is least where {@code ∫₀ᵀ t λ(t) dt = pollCost}:
 * √(2 pollCost / λ) for a constant rate, sooner where the rate rises and later where it falls.
 * Threading: used once, by one thread.
 */
final class RateForecast {
  /** The first step is so small a part of the interval that a constant rate would give. */
  private static final double FIRST_STEP = 1 / 12.0;

  private static final double GROWTH = 1.12;
  private static final double LONGEST = 30.0 * 86_400;

  private final float[] scales;
  private final double[] rates;
  private final float[] shares;
  private final double usual;

  /** A forecast; the share of the usual rate stands last. */
  RateForecast(float[] scales, float[] rates, float[] shares, float usual) {
    this.scales = scales;
    this.rates = new double[rates.length];
    for (int scale = 0; scale < rates.length; scale++) {
      this.rates[scale] = rates[scale];
    }
    this.shares = shares;
    this.usual = (double) shares[rates.length] * usual;
  }

  /** The interval, in seconds, over which a second costs least. */
  double cheapest(double pollCost) {
    double step = FIRST_STEP * Math.sqrt(2 * pollCost / rate());
    double left = pollCost;
    double time = 0;
    while (time < LONGEST) {
      double rate = rate();
      double gathered = (time + step / 2) * rate * step;
      if (gathered >= left) {
        // Within the step the rate is taken as constant: ½ λ (T² - time²) = left.
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
