package io.signalbox.hub.store.redis.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts of this node's store. Safe on any thread. */
final class TelemetryCounts {
  final LongAdder commits = new LongAdder();
  final AtomicLong waiting = new AtomicLong();
  final LongAdder droppedReadings = new LongAdder();

  /** Series by partition, as last seen. */
  final AtomicLongArray series;

  TelemetryCounts(int partitions) {
    series = new AtomicLongArray(partitions);
  }

  long series() {
    long sum = 0;
    for (int i = 0; i < series.length(); i++) {
      sum += series.get(i);
    }
    return sum;
  }
}
