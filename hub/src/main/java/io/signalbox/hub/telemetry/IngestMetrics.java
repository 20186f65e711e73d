package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.TelemetryBatch;
import java.util.concurrent.atomic.LongAdder;

/** Counters of telemetry ingestion on this node since the start. Any thread. */
public final class IngestMetrics {
  private final LongAdder messages = new LongAdder();
  private final LongAdder readings = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder waiting = new LongAdder();
  private final LongAdder misfitsTagged = new LongAdder();
  private final LongAdder misfitsRefused = new LongAdder();

  /** Number of durable messages. */
  public long messages() {
    return messages.sum();
  }

  /** Number of durable readings. */
  public long readings() {
    return readings.sum();
  }

  /** Number of readings that were not stored. */
  public long refused() {
    return refused.sum();
  }

  /** Number of null values, which are not readings. */
  public long skipped() {
    return skipped.sum();
  }

  /** Number of readings that wait for the store. */
  public long waiting() {
    return waiting.sum();
  }

  /** Number of readings that did not fit the device's type and were stored. */
  public long misfitsTagged() {
    return misfitsTagged.sum();
  }

  /** Number of readings that did not fit, for which their messages were refused. */
  public long misfitsRefused() {
    return misfitsRefused.sum();
  }

  void misfitsTagged(int readings) {
    misfitsTagged.add(readings);
  }

  void misfitsRefused(int readings) {
    misfitsRefused.add(readings);
  }

  void skipped(int values) {
    skipped.add(values);
  }

  void handedOver(int count) {
    waiting.add(count);
  }

  void settled(TelemetryBatch batch, TelemetryBatch stored) {
    messages.add(stored.messages().size());
    readings.add(stored.readings());
    refused.add(batch.readings() - stored.readings());
    waiting.add(-batch.readings());
  }
}
