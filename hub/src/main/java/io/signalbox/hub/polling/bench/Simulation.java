package io.signalbox.hub.polling.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The commands of one device over some time, in virtual time. Immutable. */
final class Simulation {
  /** How long a held poll is held when nothing comes, s. */
  private static final double HOLD = 30;

  /** So many fixed intervals to one ten times as long. */
  private static final int FINENESS = 24;

  private static final double LONGEST_FIXED = 36_000;

  private final double seconds;
  private final double[] commands;

  /**
   * A trial.
   *
   * @param seconds how long
   * @param commands when they came, ascending, s
   */
  Simulation(double seconds, double[] commands) {
    this.seconds = seconds;
    this.commands = commands;
  }

  /** Lets a poller poll through it, from 0 on. */
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
        poller.commandCame(commands[fetched]);
        fetched++;
      }
    }
    return new PollingCost(now, polls, waits);
  }

  /** Polls in step with the clock: what a fixed interval comes to, without walking through it. */
  PollingCost every(double interval) {
    double[] waits =
        Arrays.stream(commands).map(at -> Math.ceil(at / interval) * interval - at).toArray();
    return new PollingCost(seconds, Math.round(seconds / interval), waits);
  }

  /** Polls that are held until a command is there, or half a minute, and asked again at once. */
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

  /** The grid of fixed intervals, s. */
  static DoubleStream grid() {
    return DoubleStream.iterate(
        1, each -> each < LONGEST_FIXED, each -> each * Math.pow(10, 1.0 / FINENESS));
  }

  /**
   * The least that any poller can cost, even one that knows every command beforehand: it polls only
   * as a command comes, and fetches with it those before it that were worth waiting. The best last
   * poll for each prefix of the commands is found from those of the shorter prefixes (Wagner and
   * Whitin 1958, with the lots the other way round).
   */
  PollingCost clairvoyant(double pollCost) {
    double[] least = new double[commands.length + 1];
    int[] from = new int[commands.length + 1];
    for (int end = 1; end <= commands.length; end++) {
      least[end] = Double.MAX_VALUE;
      double waited = 0;
      for (int begin = end; begin >= 1 && mayPay(waited, end - begin, pollCost); begin--) {
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
   * Whether one poll for so many may be best. If k-th commands before it wait xₖ, some k·xₖ is at
   * least the sum over 1 + ½ + … + 1/n, and above pollCost another poll there saves more than it
   * costs.
   */
  private static boolean mayPay(double waited, int commands, double pollCost) {
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
