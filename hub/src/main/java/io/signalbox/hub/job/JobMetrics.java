package io.signalbox.hub.job;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What jobs have brought about since the start, for the meters. Any thread. */
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

  /** Commands that were made for jobs. */
  long made() {
    return made.sum();
  }

  /** Devices that no command could be made for. */
  long refused() {
    return refused.sum();
  }

  /** Jobs that are not over. */
  int running() {
    return running.get();
  }
}
