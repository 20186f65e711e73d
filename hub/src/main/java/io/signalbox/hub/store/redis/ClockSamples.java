package io.signalbox.hub.store.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/**
 * The offset of another machine's wall clock to this machine's monotonic clock, from questions for
 * the time and their answers. The answer was made at some moment between the two; the sample with
 * the shortest round trip is the most exact. If a sample contradicts it, one of the clocks was set,
 * and the older samples are forgotten.
 *
 * <p>Threading: one thread at a time.
 */
final class ClockSamples {
  /** A longer round trip says too little. */
  private static final long MAX_ROUND_TRIP_NANOS = Duration.ofMillis(100).toNanos();

  /** The difference that two clocks may gain while samples are kept. */
  private static final long DRIFT_NANOS = Duration.ofMillis(5).toNanos();

  private static final int KEPT = 8;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long offset, long roundTrip) {}

  /**
   * Adds a sample.
   *
   * @param asked monotonic time of the question, ns
   * @param answered monotonic time of the answer, ns
   * @param wall time in the answer, ns since 1970
   * @return false if it was ignored
   */
  boolean add(long asked, long answered, long wall) {
    long roundTrip = answered - asked;
    if (roundTrip > MAX_ROUND_TRIP_NANOS) {
      return false;
    }
    Sample sample = new Sample(wall - (asked + roundTrip / 2), roundTrip);
    if (!samples.isEmpty() && contradicts(sample, best())) {
      samples.clear();
    }
    if (samples.size() == KEPT) {
      samples.removeFirst();
    }
    samples.addLast(sample);
    return true;
  }

  private static boolean contradicts(Sample one, Sample other) {
    long inexact = (one.roundTrip() + other.roundTrip()) / 2 + DRIFT_NANOS;
    return Math.abs(one.offset() - other.offset()) > inexact;
  }

  /** Wall time minus monotonic time, ns; there must be a sample. */
  long offset() {
    return best().offset();
  }

  private Sample best() {
    return samples.stream().min(Comparator.comparingLong(Sample::roundTrip)).orElseThrow();
  }
}
