package io.signalbox.hub.polling.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Pattern of command arrivals at a device.
 *
 * @param name name in tables
 * @param kind the planner's guarantee for it
 * @param seconds length
 * @param bursts the generating process, for the oracle; null if it has none
 * @param commands generator of ascending arrival times, in seconds, from a random source
 */
record Workload(
    String name,
    Kind kind,
    double seconds,
    @Nullable Bursts bursts,
    Function<Random, double[]> commands) {

  /** The planner's guarantee: its cost relative to the best fixed interval. */
  enum Kind {
    /** Slightly above it. */
    STEADY,
    /** Clearly below it. */
    BURSTY,
    /** Not above it. */
    OTHER
  }

  /**
   * A self-exciting process.
   *
   * @param base bursts per second
   * @param offspring mean number of further commands per command, below 1
   * @param scale mean delay of each of them, in seconds
   */
  record Bursts(double base, double offspring, double scale) {}

  private static final double DAY = 86_400;

  /** Independent commands. */
  static Workload poisson(String every, double seconds) {
    double length = Math.max(1_000 * seconds, 2 * DAY);
    return new Workload(
        "Poisson, one in " + every,
        Kind.STEADY,
        length,
        null,
        random -> poisson(1 / seconds, length, random));
  }

  /** Commands that trigger further commands. */
  static Workload hawkes(String name, Bursts bursts) {
    double length = Math.max(20 * DAY, 200 / bursts.base());
    return new Workload(
        name, Kind.BURSTY, length, bursts, random -> hawkes(bursts, length, random));
  }

  /** One rate from 7 to 18 h, Monday to Friday, and another rate otherwise. */
  static Workload daily(String name, double workRate, double otherRate) {
    double length = 28 * DAY;
    return new Workload(
        name,
        Kind.OTHER,
        length,
        null,
        random ->
            Arrays.stream(poisson(workRate, length, random))
                .filter(at -> isWorkTime(at) || random.nextDouble() < otherRate / workRate)
                .toArray());
  }

  /** Independent batches of commands. */
  static Workload batches(String name, double everySeconds, int mean) {
    double length = 28 * DAY;
    return new Workload(
        name,
        Kind.STEADY,
        length,
        null,
        random ->
            Arrays.stream(poisson(1 / everySeconds, length, random))
                .flatMap(at -> batch(at, mean, random))
                .toArray());
  }

  private static DoubleStream batch(double at, int mean, Random random) {
    int size = 1;
    while (random.nextDouble() > 1.0 / mean) {
      size++;
    }
    return DoubleStream.iterate(at, each -> each + 0.01).limit(size);
  }

  private static boolean isWorkTime(double at) {
    double hour = at / 3_600 % 24;
    return (long) (at / DAY) % 7 < 5 && hour >= 7 && hour < 18;
  }

  private static double[] poisson(double rate, double length, Random random) {
    return DoubleStream.iterate(
            pause(1 / rate, random), at -> at < length, at -> at + pause(1 / rate, random))
        .toArray();
  }

  private static double[] hawkes(Bursts bursts, double length, Random random) {
    Deque<Double> parents = new ArrayDeque<>();
    Arrays.stream(poisson(bursts.base(), length, random)).forEach(parents::add);
    DoubleStream.Builder all = DoubleStream.builder();
    while (!parents.isEmpty()) {
      double at = parents.poll();
      all.add(at);
      // A Poisson number of children: the pauses that fit into the mean.
      for (double used = pause(1, random); used < bursts.offspring(); used += pause(1, random)) {
        double child = at + pause(bursts.scale(), random);
        if (child < length) {
          parents.add(child);
        }
      }
    }
    return all.build().sorted().toArray();
  }

  private static double pause(double mean, Random random) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
