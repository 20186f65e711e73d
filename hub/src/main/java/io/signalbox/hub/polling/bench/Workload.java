package io.signalbox.hub.polling.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * How commands come to a device.
 *
 * @param name for tables
 * @param kind what the plan promises for it
 * @param seconds how long it is watched
 * @param flurries the process that makes them, where a rival can be told; else null
 * @param commands by a source of chance, the times at which commands come, ascending, s
 */
record Workload(
    String name,
    Kind kind,
    double seconds,
    @Nullable Bursts flurries,
    Function<Random, double[]> commands) {

  /** What the plan promises. */
  enum Kind {
    /** Little above the best fixed interval. */
    STEADY,
    /** Clearly below it. */
    BURSTY,
    /** Not above it. */
    OTHER
  }

  /**
   * A self-exciting process.
   *
   * @param base flurries a second
   * @param offspring how many more commands each command brings on average, below 1
   * @param scale mean time to each of them, s
   */
  record Bursts(double base, double offspring, double scale) {}

  private static final double DAY = 86_400;

  /** Commands that know nothing of each other. */
  static Workload poisson(String every, double seconds) {
    double length = Math.max(1_000 * seconds, 2 * DAY);
    return new Workload(
        "Poisson, one in " + every,
        Kind.STEADY,
        length,
        null,
        chance -> poisson(1 / seconds, length, chance));
  }

  /** Each command may bring others. */
  static Workload hawkes(String name, Bursts flurries) {
    double length = Math.max(20 * DAY, 200 / flurries.base());
    return new Workload(
        name, Kind.BURSTY, length, flurries, chance -> hawkes(flurries, length, chance));
  }

  /** From seven to six, Monday to Friday, at one rate; at night and on Sundays at another. */
  static Workload daily(String name, double byDay, double byNight) {
    double length = 28 * DAY;
    return new Workload(
        name,
        Kind.OTHER,
        length,
        null,
        chance ->
            Arrays.stream(poisson(byDay, length, chance))
                .filter(at -> works(at) || chance.nextDouble() < byNight / byDay)
                .toArray());
  }

  /** Several at once, steadily. */
  static Workload batches(String name, double everySeconds, int mean) {
    double length = 28 * DAY;
    return new Workload(
        name,
        Kind.STEADY,
        length,
        null,
        chance ->
            Arrays.stream(poisson(1 / everySeconds, length, chance))
                .flatMap(at -> batch(at, mean, chance))
                .toArray());
  }

  private static DoubleStream batch(double at, int mean, Random chance) {
    int size = 1;
    while (chance.nextDouble() > 1.0 / mean) {
      size++;
    }
    return DoubleStream.iterate(at, each -> each + 0.01).limit(size);
  }

  private static boolean works(double at) {
    double hour = at / 3_600 % 24;
    return (long) (at / DAY) % 7 < 5 && hour >= 7 && hour < 18;
  }

  private static double[] poisson(double rate, double length, Random chance) {
    return DoubleStream.iterate(
            pause(1 / rate, chance), at -> at < length, at -> at + pause(1 / rate, chance))
        .toArray();
  }

  private static double[] hawkes(Bursts flurries, double length, Random chance) {
    Deque<Double> parents = new ArrayDeque<>();
    Arrays.stream(poisson(flurries.base(), length, chance)).forEach(parents::add);
    DoubleStream.Builder all = DoubleStream.builder();
    while (!parents.isEmpty()) {
      double at = parents.poll();
      all.add(at);
      // A Poisson number of children: as many pauses as fit into the mean.
      for (double used = pause(1, chance); used < flurries.offspring(); used += pause(1, chance)) {
        double child = at + pause(flurries.scale(), chance);
        if (child < length) {
          parents.add(child);
        }
      }
    }
    return all.build().sorted().toArray();
  }

  private static double pause(double mean, Random chance) {
    return -mean * Math.log(1 - chance.nextDouble());
  }
}
