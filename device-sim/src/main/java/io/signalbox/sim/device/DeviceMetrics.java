package io.signalbox.sim.device;

import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import io.signalbox.sim.report.LatencyHistogram;
import java.util.Map;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Latency and traffic metrics of the devices of one event loop.
 *
 * @param acks latency from sending readings to their acknowledgement
 * @param commands latency from creating a command to its start, by transport
 */
public record DeviceMetrics(
    SingleWriterRecorder acks,
    Map<TransportKind, SingleWriterRecorder> commands,
    TrafficMetrics traffic) {
  private static final long OLDEST_MILLIS = 3_600_000;

  /** Records the start of a command; its id, a UUIDv7, contains the creation time. */
  void begun(String id, TransportKind transport, long nowMillis) {
    SingleWriterRecorder recorder = commands.get(transport);
    long millis = nowMillis - madeAt(id);
    if (recorder != null && millis < OLDEST_MILLIS) {
      LatencyHistogram.record(recorder, millis * 1_000_000);
    }
  }

  private static long madeAt(String id) {
    try {
      return Long.parseLong(id.replace("-", ""), 0, 12, 16);
    } catch (IndexOutOfBoundsException | NumberFormatException noUuid) {
      return 0;
    }
  }
}
