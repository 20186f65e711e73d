package io.signalbox.hub.store.sqlite.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counters of the store since it was opened. Safe on any thread. */
public final class TelemetryCounters {
  final LongAdder commits = new LongAdder();
  final LongAdder readings = new LongAdder();
  final LongAdder journalBytes = new LongAdder();
  final LongAdder chunkBytes = new LongAdder();
  final LongAdder replayed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final AtomicLong waiting = new AtomicLong();

  /** Number of group commits. */
  public long commits() {
    return commits.sum();
  }

  /** Number of durable readings. */
  public long readings() {
    return readings.sum();
  }

  /** Bytes of journal entries written. */
  public long journalBytes() {
    return journalBytes.sum();
  }

  /** Bytes of chunks written. */
  public long chunkBytes() {
    return chunkBytes.sum();
  }

  /** Readings recovered from the journal at the start. */
  public long replayed() {
    return replayed.sum();
  }

  /** Refused readings: full disk, or too many waiting. */
  public long refused() {
    return refused.sum();
  }

  /** Readings that wait for a commit now. */
  public long waiting() {
    return waiting.get();
  }
}
