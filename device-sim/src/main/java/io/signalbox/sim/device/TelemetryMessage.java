package io.signalbox.sim.device;

import io.signalbox.sim.model.Sample;
import java.util.List;

/** A telemetry message until it is acknowledged, refused or dropped. */
final class TelemetryMessage {
  private final List<Sample> samples;
  private final int readings;
  private final boolean echo;
  private long seq;
  private long firstSentNanos;
  private int sendings;

  private TelemetryMessage(List<Sample> samples, int readings, boolean echo) {
    this.samples = samples;
    this.readings = readings;
    this.echo = echo;
  }

  static TelemetryMessage of(List<Sample> samples) {
    int readings = samples.stream().mapToInt(sample -> sample.readings().size()).sum();
    return new TelemetryMessage(samples, readings, false);
  }

  /** An intended duplicate with the same readings. */
  TelemetryMessage echo() {
    return new TelemetryMessage(samples, readings, true);
  }

  void sentAs(long newSeq, long nanos) {
    seq = newSeq;
    firstSentNanos = sendings == 0 ? nanos : firstSentNanos;
    sendings++;
  }

  List<Sample> samples() {
    return samples;
  }

  boolean isOlderThan(TelemetryMessage other) {
    return samples.getFirst().ts() < other.samples.getFirst().ts();
  }

  /** Whether it duplicates another message and is not counted. */
  boolean isEcho() {
    return echo;
  }

  long seq() {
    return seq;
  }

  long firstSentNanos() {
    return firstSentNanos;
  }

  boolean sentBefore() {
    return sendings > 1;
  }

  boolean everSent() {
    return sendings > 0;
  }

  int readings() {
    return readings;
  }
}
