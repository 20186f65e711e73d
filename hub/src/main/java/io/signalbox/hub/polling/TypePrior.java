package io.signalbox.hub.polling;

/**
 * Statistics of a device type, from which the model of a new device starts. Each device reports
 * after an hour and then once a day, so that a busy device has no more weight than a quiet one; the
 * stored rate is the geometric mean of the reports.
 *
 * <p>Threading: any thread.
 */
final class TypePrior {
  static final long FIRST_REPORT_MILLIS = 3_600_000;
  static final long REPORT_MILLIS = 86_400_000;

  /** Number of reports over which the mean is taken. */
  private static final int MEMORY = 200;

  private volatile TypePolicy policy;
  private final float[] shares = CommandRateModel.firstShares();
  private double logRate;
  private int reports = 1;

  TypePrior(TypePolicy policy) {
    this.policy = policy;
    this.logRate = Math.log(policy.commandsPerSecond());
  }

  TypePolicy policy() {
    return policy;
  }

  /** Replaces the policy; what devices have reported stays. */
  synchronized void policy(TypePolicy other) {
    if (reports == 1) {
      logRate = Math.log(other.commandsPerSecond());
    }
    policy = other;
  }

  synchronized double commandsPerSecond() {
    return Math.exp(logRate);
  }

  synchronized float[] shares() {
    return shares.clone();
  }

  /** Adds a device's report: its long-run rate in commands per second, and its weights. */
  synchronized void learn(float rate, float[] ofDevice) {
    reports = Math.min(reports + 1, MEMORY);
    logRate += (Math.log(rate) - logRate) / reports;
    for (int scale = 0; scale < shares.length; scale++) {
      shares[scale] += (ofDevice[scale] - shares[scale]) / reports;
    }
  }
}
