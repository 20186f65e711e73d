package io.signalbox.hub.store.embedded.telemetry;

import java.time.Duration;
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
  private boolean fullDisk;
  private long since;
  private long refusedBefore;

  /** Something could be written. Writer thread. */
  void fine() {
    if (trouble != null && !fullDisk) {
      LOG.info(
          "Readings are kept again, after {} s in which {} were refused",
          Duration.ofNanos(System.nanoTime() - since).toSeconds(),
          refused.sum() - refusedBefore);
    }
    trouble = null;
    fullDisk = false;
  }

  /** Something could not be written. Writer thread. */
  void trouble(String what) {
    if (trouble == null) {
      since = System.nanoTime();
      refusedBefore = refused.sum();
    }
    if (!what.equals(trouble)) {
      LOG.warn("Readings cannot be kept: {}", what);
    }
    trouble = what;
  }

  /** The same of a full disk, of which the log has been told. Writer thread. */
  void fullDisk(String what) {
    fullDisk = true;
    trouble = what;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
