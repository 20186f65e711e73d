package io.signalbox.hub.polling.bench;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Outcome of a polling strategy over one or more runs. Immutable. */
final class PollingCost {
  /** Estimated bytes of a poll on a persistent connection, both directions, with headers. */
  private static final int POLL_BYTES = 320;

  private static final int COMMAND_BYTES = 200;
  private static final double DAY = 86_400;

  private final double seconds;
  private final long polls;
  private final double[] waits;

  /**
   * An outcome.
   *
   * @param seconds duration
   * @param polls number of polls
   * @param waits waiting time of each command, in seconds
   */
  PollingCost(double seconds, long polls, double[] waits) {
    this.seconds = seconds;
    this.polls = polls;
    this.waits = waits;
  }

  /** The sum of both outcomes. */
  PollingCost and(PollingCost other) {
    return new PollingCost(
        seconds + other.seconds,
        polls + other.polls,
        DoubleStream.concat(Arrays.stream(waits), Arrays.stream(other.waits)).toArray());
  }

  long polls() {
    return polls;
  }

  /** Cost per second of polls and waiting. */
  double cost(double pollCost) {
    return (pollCost * polls + Arrays.stream(waits).sum()) / seconds;
  }

  double pollsPerDay() {
    return polls / seconds * DAY;
  }

  double bytesPerDay() {
    return ((double) polls * POLL_BYTES + (double) waits.length * COMMAND_BYTES) / seconds * DAY;
  }

  double meanWait() {
    return Arrays.stream(waits).average().orElse(0);
  }

  /** The 95th percentile of the waiting times, in seconds. */
  double p95Wait() {
    return Arrays.stream(waits).sorted().skip((long) (waits.length * 0.95)).findFirst().orElse(0);
  }

  /** Ratio of a figure of this outcome to that of another. */
  double against(PollingCost other, ToDoubleFunction<PollingCost> figure) {
    return figure.applyAsDouble(this) / figure.applyAsDouble(other);
  }
}
