package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.FailureLog;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the store is doing: its counters, and what is wrong if anything is. Any thread. */
final class StoreHealth {
  private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);

  final LongAdder commits = new LongAdder();
  final LongAdder readings = new LongAdder();
  final LongAdder journalBytes = new LongAdder();
  final LongAdder chunkBytes = new LongAdder();
  final LongAdder replayed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final AtomicLong waiting = new AtomicLong();
  private volatile @Nullable String trouble;
  private final FailureLog log = new FailureLog(LOG, "The telemetry store", "readings");

  /** Something could be written, or nothing was to be. Writer thread. */
  void fine() {
    trouble = null;
    log.worked();
  }

  /** Something could not be written, so many readings among it. Writer thread. */
  void trouble(String what, int readings) {
    log.failed(what, readings);
    trouble = what;
  }

  /** The same of a full disk, of which the log has been told. Writer thread. */
  void fullDisk(String what) {
    trouble = what;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
