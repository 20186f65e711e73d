package io.signalbox.hub.job;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counters of jobs since the start. Any thread. */
final class JobMetrics {
  private final LongAdder made = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final AtomicInteger running = new AtomicInteger();

  void countMade() {
    made.increment();
  }

  void countRefused() {
    refused.increment();
  }

  void setRunning(int jobs) {
    running.set(jobs);
  }

  /** Number of commands created for jobs. */
  long made() {
    return made.sum();
  }

  /** Number of devices for which no command could be created. */
  long refused() {
    return refused.sum();
  }

  /** Number of unfinished jobs. */
  int running() {
    return running.get();
  }
}
