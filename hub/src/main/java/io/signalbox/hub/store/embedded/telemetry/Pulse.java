package io.signalbox.hub.store.embedded.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the store is doing: its counters, and what is wrong if anything is. Any thread. */
final class Pulse {
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  final LongAdder commits = new LongAdder();
  final LongAdder readings = new LongAdder();
  final LongAdder journalBytes = new LongAdder();
  final LongAdder chunkBytes = new LongAdder();
  final LongAdder replayed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final AtomicLong waiting = new AtomicLong();
  private volatile @Nullable String trouble;

  /** Something could be written. Writer thread. */
  void fine() {
    if (trouble != null) {
      LOG.info("Readings are kept again");
      trouble = null;
    }
  }

  /** Something could not be written. Writer thread. */
  void trouble(String what) {
    if (!what.equals(trouble)) {
      LOG.warn("Readings cannot be kept: {}", what);
    }
    trouble = what;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
