package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.TelemetryBatch;
import java.util.concurrent.atomic.LongAdder;

/** What all intakes of this node have done since the start. Any thread. */
public final class IngestMetrics {
  private final LongAdder messages = new LongAdder();
  private final LongAdder readings = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder waiting = new LongAdder();

  /** Messages that are durable. */
  public long messages() {
    return messages.sum();
  }

  /** Readings that are durable. */
  public long readings() {
    return readings.sum();
  }

  /** Readings that the store did not keep. */
  public long refused() {
    return refused.sum();
  }

  /** Values that were null and so no readings. */
  public long skipped() {
    return skipped.sum();
  }

  /** Readings that wait for the store. */
  public long waiting() {
    return waiting.sum();
  }

  void skipped(int values) {
    skipped.add(values);
  }

  void handedOver(TelemetryBatch batch) {
    waiting.add(batch.readings());
  }

  void stored(TelemetryBatch batch) {
    messages.add(batch.messages().size());
    readings.add(batch.readings());
    waiting.add(-batch.readings());
  }

  void refused(TelemetryBatch batch) {
    refused.add(batch.readings());
    waiting.add(-batch.readings());
  }
}
