package io.signalbox.hub.store.embedded.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How the store is doing: its counters, and what is wrong if anything is. Any thread. */
final class Pulse {
  final LongAdder commits = new LongAdder();
  final LongAdder readings = new LongAdder();
  final LongAdder journalBytes = new LongAdder();
  final LongAdder chunkBytes = new LongAdder();
  final LongAdder replayed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final AtomicLong waiting = new AtomicLong();
  private volatile @Nullable String trouble;

  void fine() {
    if (trouble != null) {
      trouble = null;
    }
  }

  void trouble(String what) {
    trouble = what;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
