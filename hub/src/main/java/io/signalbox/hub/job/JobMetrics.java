package io.signalbox.hub.job;

import java.util.concurrent.atomic.LongAdder;

/** Counters of jobs since the start. Any thread. */
final class JobMetrics {
  private final LongAdder made = new LongAdder();
  private final LongAdder refused = new LongAdder();

  void countMade() {
    made.increment();
  }

  void countRefused() {
    refused.increment();
  }

  /** Number of commands created for jobs. */
  long made() {
    return made.sum();
  }

  /** Number of devices for which no command could be created. */
  long refused() {
    return refused.sum();
  }
}
