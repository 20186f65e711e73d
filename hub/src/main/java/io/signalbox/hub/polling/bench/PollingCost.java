package io.signalbox.hub.polling.bench;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What a way of polling came to, over one or more runs. Immutable. */
final class PollingCost {
  /** Bytes of a short poll over a kept connection, both ways, headers included: an estimate. */
  private static final int POLL_BYTES = 320;

  private static final int COMMAND_BYTES = 200;
  private static final double DAY = 86_400;

  private final double seconds;
  private final long polls;
  private final double[] waits;

  /**
   * An outcome.
   *
   * @param seconds time watched
   * @param polls requests made
   * @param waits how long each command waited, s
   */
  PollingCost(double seconds, long polls, double[] waits) {
    this.seconds = seconds;
    this.polls = polls;
    this.waits = waits;
  }

  /** Both together. */
  PollingCost and(PollingCost other) {
    return new PollingCost(
        seconds + other.seconds,
        polls + other.polls,
        DoubleStream.concat(Arrays.stream(waits), Arrays.stream(other.waits)).toArray());
  }

  long polls() {
    return polls;
  }

  /** Cost per second: what its polls and its commands' waiting are worth. */
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

  /** The time within which 95 of 100 commands were fetched. */
  double p95Wait() {
    return Arrays.stream(waits).sorted().skip((long) (waits.length * 0.95)).findFirst().orElse(0);
  }

  /** A figure of this against the same of another. */
  double against(PollingCost other, ToDoubleFunction<PollingCost> figure) {
    return figure.applyAsDouble(this) / figure.applyAsDouble(other);
  }
}
