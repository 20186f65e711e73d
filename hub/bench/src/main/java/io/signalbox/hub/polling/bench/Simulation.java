package io.signalbox.hub.polling.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Simulation of polls for one device's commands, in virtual time. Immutable. */
final class Simulation {
  /** Maximum duration of a long poll, in seconds. */
  private static final double HOLD = 30;

  /** Number of fixed intervals per factor of ten. */
  private static final int STEPS_PER_DECADE = 24;

  private static final double MAX_FIXED = 36_000;

  private final double seconds;
  private final double[] commands;

  /**
   * A simulation.
   *
   * @param seconds duration
   * @param commands ascending arrival times, in seconds
   */
  Simulation(double seconds, double[] commands) {
    this.seconds = seconds;
    this.commands = commands;
  }

  /** Runs a strategy from time 0. */
  PollingCost run(PollStrategy poller) {
    double[] waits = new double[commands.length];
    int fetched = 0;
    long polls = 0;
    double now = 0;
    while (now < seconds) {
      now += poller.next(now);
      polls++;
      while (fetched < commands.length && commands[fetched] <= now) {
        waits[fetched] = now - commands[fetched];
        poller.recordArrival(commands[fetched]);
        fetched++;
      }
    }
    return new PollingCost(now, polls, waits);
  }

  /** Outcome of a fixed interval, in closed form. */
  PollingCost every(double interval) {
    double[] waits =
        Arrays.stream(commands).map(at -> Math.ceil(at / interval) * interval - at).toArray();
    return new PollingCost(seconds, Math.round(seconds / interval), waits);
  }

  /** Outcome of long polls: each lasts until a command arrives or for 30 s, then repeats. */
  PollingCost held() {
    double since = 0;
    long polls = 0;
    for (double command : commands) {
      polls += 1 + (long) ((command - since) / HOLD);
      since = command;
    }
    return new PollingCost(
        seconds, polls + (long) ((seconds - since) / HOLD), new double[commands.length]);
  }

  /** The compared fixed intervals, in seconds. */
  static DoubleStream grid() {
    return DoubleStream.iterate(
        1, each -> each < MAX_FIXED, each -> each * Math.pow(10, 1.0 / STEPS_PER_DECADE));
  }

  /**
   * The minimum cost of any strategy that knows all commands in advance: it polls only when a
   * command arrives, and fetches earlier ones with it if waiting was cheaper. The best last poll of
   * each prefix of the commands follows from those of shorter prefixes (Wagner and Whitin 1958,
   * with time reversed).
   */
  PollingCost clairvoyant(double pollCost) {
    double[] least = new double[commands.length + 1];
    int[] from = new int[commands.length + 1];
    for (int end = 1; end <= commands.length; end++) {
      least[end] = Double.MAX_VALUE;
      double waited = 0;
      for (int begin = end; begin >= 1 && canBeOptimal(waited, end - begin, pollCost); begin--) {
        waited += commands[end - 1] - commands[begin - 1];
        if (least[begin - 1] + pollCost + waited < least[end]) {
          least[end] = least[begin - 1] + pollCost + waited;
          from[end] = begin - 1;
        }
      }
    }
    return traced(from);
  }

  /**
   * Whether one poll for this number of commands can be optimal. If the k-th command before it
   * waits xₖ, some k·xₖ is at least the sum divided by 1 + ½ + … + 1/n; if that exceeds pollCost,
   * another poll at that command saves more than it costs.
   */
  private static boolean canBeOptimal(double waited, int commands, double pollCost) {
    return waited <= pollCost * (1 + Math.log(Math.max(1, commands)));
  }

  private PollingCost traced(int[] from) {
    double[] waits = new double[commands.length];
    long polls = 0;
    for (int end = commands.length; end > 0; end = from[end]) {
      polls++;
      for (int each = from[end]; each < end; each++) {
        waits[each] = commands[end - 1] - commands[each];
      }
    }
    return new PollingCost(seconds, polls, waits);
  }
}
