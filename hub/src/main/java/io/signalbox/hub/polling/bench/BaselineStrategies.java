package io.signalbox.hub.polling.bench;

/** The usual ways to choose an interval. */
final class BaselineStrategies {
  private static final double SHORTEST = 1;
  private static final double LONGEST = 3_600;

  private BaselineStrategies() {}

  /** Exponential back-off: a second after a command, then twice as long with each empty poll. */
  static PollStrategy backOff() {
    return new Reacting(SHORTEST) {
      @Override
      double after(double interval, boolean found) {
        return found ? SHORTEST : interval * 2;
      }
    };
  }

  /**
   * Additive increase, multiplicative decrease: ten seconds more when empty, half after a command.
   */
  static PollStrategy aimd() {
    return new Reacting(60) {
      @Override
      double after(double interval, boolean found) {
        return found ? interval / 2 : interval + 10;
      }
    };
  }

  /** One that goes by whether the last poll brought anything. */
  private abstract static class Reacting implements PollStrategy {
    private double interval;
    private boolean found;
    private boolean polled;

    Reacting(double first) {
      this.interval = first;
    }

    abstract double after(double interval, boolean found);

    @Override
    public void commandCame(double at) {
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
