package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.FailureLog;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health of the store: its counters and its current error. Safe on any thread. */
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

  /** Records a successful write, or that there was nothing to write. Writer thread. */
  void fine() {
    trouble = null;
    log.worked();
  }

  /** Records a failed write and the number of refused readings. Writer thread. */
  void trouble(String what, int readings) {
    log.failed(what, readings);
    trouble = what;
  }

  /** Records a failure due to a full disk, which is already logged. Writer thread. */
  void fullDisk(String what) {
    trouble = what;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
