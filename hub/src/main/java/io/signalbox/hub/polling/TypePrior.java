package io.signalbox.hub.polling;

/**
 * What the devices of one type have taught: a new one begins where the others are. Each device
 * tells of itself after an hour and then once a day, so that a busy one has no more to say than a
 * quiet one; the rate kept is the middle of them on a scale of ratios.
 *
 * <p>Threading: any thread.
 */
final class TypePrior {
  static final long FIRST_REPORT_MILLIS = 3_600_000;
  static final long REPORT_MILLIS = 86_400_000;

  /** The latest reports count as one in so many, once there are as many. */
  private static final int MEMORY = 200;

  private final TypePolicy terms;
  private final float[] shares = CommandRateModel.firstShares();
  private double logRate;
  private int reports = 1;

  TypePrior(TypePolicy terms) {
    this.terms = terms;
    this.logRate = Math.log(terms.commandsPerSecond());
  }

  TypePolicy terms() {
    return terms;
  }

  synchronized double commandsPerSecond() {
    return Math.exp(logRate);
  }

  synchronized float[] shares() {
    return shares.clone();
  }

  /** A device's long-run rate, commands a second, and its shares. */
  synchronized void learn(float rate, float[] ofDevice) {
    reports = Math.min(reports + 1, MEMORY);
    logRate += (Math.log(rate) - logRate) / reports;
    for (int scale = 0; scale < shares.length; scale++) {
      shares[scale] += (ofDevice[scale] - shares[scale]) / reports;
    }
  }
}
