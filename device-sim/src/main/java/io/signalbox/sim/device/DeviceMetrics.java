package io.signalbox.sim.device;

import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import io.signalbox.sim.report.LatencyHistogram;
import java.util.Map;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Where the devices of one loop write how long things take and what they cost.
 *
 * @param acks from sending readings to their acknowledgement
 * @param commands from the making of a command to its beginning, way by way
 */
public record DeviceMetrics(
    SingleWriterRecorder acks,
    Map<TransportKind, SingleWriterRecorder> commands,
    TrafficMetrics traffic) {
  private static final long OLDEST_MILLIS = 3_600_000;

  /** A command was begun: its id, a UUIDv7, says when it was made. */
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
