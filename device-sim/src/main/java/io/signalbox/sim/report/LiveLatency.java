package io.signalbox.sim.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.model.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * When readings left their devices, until an operator's stream shows them: the span between is what
 * an operator waits. Written by the loops of the devices, read by the loop of the stream.
 */
public final class LiveLatency {
  /** More than this is not kept: a stream that stands still must not fill the memory. */
  private static final int MOST = 1_000_000;

  private record Key(String device, long ts) {}

  private final Map<Key, Long> underway = new ConcurrentHashMap<>();
  private final SingleWriterRecorder recorder;

  /** A watch that writes what it measures into {@code latency}. */
  public LiveLatency(LatencyHistogram latency) {
    this.recorder = latency.recorder();
  }

  /** A message leaves its device. */
  public void sent(String device, List<Sample> samples, long nanos) {
    if (underway.size() < MOST) {
      samples.forEach(sample -> underway.put(new Key(device, sample.ts()), nanos));
    }
  }

  /** The operator's stream shows an event; of a reading's instant the first showing counts. */
  public void shown(JsonNode event) {
    if (event.path("type").asText().equals("telemetry")) {
      seen(event.path("device").asText(), event.path("ts").asLong(), System.nanoTime());
    }
  }

  private void seen(String device, long ts, long nanos) {
    Long left = underway.remove(new Key(device, ts));
    if (left != null) {
      LatencyHistogram.record(recorder, nanos - left);
    }
  }
}
