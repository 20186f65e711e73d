package io.signalbox.sim.report;

import io.signalbox.sim.model.Reading;
import io.signalbox.sim.model.Sample;
import io.signalbox.sim.model.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one device said and did, and what became of it: for every metric the timestamps and values
 * that the hub acknowledged, and those of which it is not known. 16 bytes a reading. Written by the
 * device's loop, read when the run is over.
 */
public final class SentReadings {
  private final String device;
  private final Map<String, FingerprintSeries> acked = new LinkedHashMap<>();
  private final Map<String, FingerprintSeries> doubtful = new LinkedHashMap<>();
  private final ExecutionLog executions = new ExecutionLog();

  /** An empty ledger. */
  public SentReadings(String device) {
    this.device = device;
  }

  /** The hub has said that these are durable. */
  public void acknowledged(List<Sample> samples) {
    samples.forEach(sample -> enter(acked, sample));
  }

  /** Sent perhaps, but never acknowledged: these may be in the history or not. */
  public void inDoubt(List<Sample> samples) {
    samples.forEach(sample -> enter(doubtful, sample));
  }

  private static void enter(Map<String, FingerprintSeries> into, Sample sample) {
    for (Reading reading : sample.readings()) {
      FingerprintSeries series =
          into.computeIfAbsent(reading.metric(), metric -> new FingerprintSeries());
      series.add(sample.ts(), fingerprint(reading.value()));
    }
  }

  /** What the device did with its commands. */
  public ExecutionLog executions() {
    return executions;
  }

  /** Whose it is. */
  public String device() {
    return device;
  }

  Map<String, FingerprintSeries> acked() {
    return acked;
  }

  Map<String, FingerprintSeries> doubtful() {
    return doubtful;
  }

  boolean isEmpty() {
    return acked.isEmpty() && doubtful.isEmpty();
  }

  /** The first and the last timestamp of all. */
  LongSummaryStatistics span() {
    LongSummaryStatistics span = new LongSummaryStatistics();
    Stream.of(acked, doubtful).flatMap(all -> all.values().stream()).forEach(s -> s.widen(span));
    return span;
  }

  /**
   * A value in 64 bits: a number is its own bits, so that equal means bit for bit; flags and texts
   * lie among the bits that no finite number has.
   */
  static long fingerprint(Value value) {
    return switch (value) {
      case Value.Num num -> Double.doubleToLongBits(num.number());
      case Value.Flag flag -> flag.flag() ? 0x7FF8_0000_0000_0002L : 0x7FF8_0000_0000_0001L;
      case Value.Text text -> 0xFFF8_0000_0000_0000L | hash(text.text());
    };
  }

  private static long hash(String text) {
    long hash = 1125899906842597L;
    for (int i = 0; i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash & 0x0007_FFFF_FFFF_FFFFL;
  }
}
