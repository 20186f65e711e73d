package io.signalbox.sim.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.model.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Measures the latency from sending a reading to its event on an operator's stream. Written on the
 * devices' event loops, read on the stream's.
 */
public final class LiveLatency {
  /** Limit of pending entries, so that a stalled stream cannot fill the memory. */
  private static final int MOST = 1_000_000;

  private record Key(String device, long ts) {}

  private final Map<Key, Long> underway = new ConcurrentHashMap<>();
  private final SingleWriterRecorder recorder;

  /** Creates a measurement that records into {@code latency}. */
  public LiveLatency(LatencyHistogram latency) {
    this.recorder = latency.recorder();
  }

  /** Records that a message was sent. */
  public void sent(String device, List<Sample> samples, long nanos) {
    if (underway.size() < MOST) {
      samples.forEach(sample -> underway.put(new Key(device, sample.ts()), nanos));
    }
  }

  /** Records an event of the operator's stream; the first event of a timestamp counts. */
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
