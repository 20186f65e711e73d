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
 * The readings one device sent, by metric: acknowledged ones and ones with unknown outcome, 16
 * bytes each; also its execution log. Written on the device's event loop, read after the run.
 */
public final class SentReadings {
  private final String device;
  private final Map<String, FingerprintSeries> acked = new LinkedHashMap<>();
  private final Map<String, FingerprintSeries> doubtful = new LinkedHashMap<>();
  private final ExecutionLog executions = new ExecutionLog();

  /** Creates an empty record. */
  public SentReadings(String device) {
    this.device = device;
  }

  /** Records acknowledged readings. */
  public void acknowledged(List<Sample> samples) {
    samples.forEach(sample -> enter(acked, sample));
  }

  /** Records readings that were never acknowledged and may be in the history. */
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

  /** The device's execution log. */
  public ExecutionLog executions() {
    return executions;
  }

  /** The device id. */
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
   * Fingerprint of a value in 64 bits: the bits of a number, so that equality is bitwise; booleans
   * and strings map to bit patterns of no finite number.
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
