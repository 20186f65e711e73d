package io.signalbox.hub.polling.bench;

/** Common strategies for poll intervals, as a baseline. */
final class BaselineStrategies {
  private static final double SHORTEST = 1;
  private static final double LONGEST = 3_600;

  private BaselineStrategies() {}

  /** Exponential back-off: one second after a command, doubled with each empty poll. */
  static PollStrategy backOff() {
    return new Reacting(SHORTEST) {
      @Override
      double after(double interval, boolean found) {
        return found ? SHORTEST : interval * 2;
      }
    };
  }

  /**
   * Additive increase, multiplicative decrease: plus ten seconds if empty, half after a command.
   */
  static PollStrategy aimd() {
    return new Reacting(60) {
      @Override
      double after(double interval, boolean found) {
        return found ? interval / 2 : interval + 10;
      }
    };
  }

  /** Strategy that reacts to whether the last poll returned a command. */
  private abstract static class Reacting implements PollStrategy {
    private double interval;
    private boolean found;
    private boolean polled;

    Reacting(double first) {
      this.interval = first;
    }

    abstract double after(double interval, boolean found);

    @Override
    public void recordArrival(double at) {
      found = true;
    }

    @Override
    public double next(double now) {
      if (polled) {
        interval = Math.clamp(after(interval, found), SHORTEST, LONGEST);
      }
      polled = true;
      found = false;
      return interval;
    }
  }
}
