package io.signalbox.sim.device;

import io.signalbox.sim.link.Traffic;
import io.signalbox.sim.link.Way;
import io.signalbox.sim.report.Latency;
import java.util.Map;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Where the devices of one loop write how long things take and what they cost.
 *
 * @param acks from sending readings to their acknowledgement
 * @param commands from the making of a command to its beginning, way by way
 */
public record Measures(
    SingleWriterRecorder acks, Map<Way, SingleWriterRecorder> commands, Traffic traffic) {
  private static final long OLDEST_MILLIS = 3_600_000;

  /** A command was begun: its id, a UUIDv7, says when it was made. */
  void begun(String id, Way way, long nowMillis) {
    SingleWriterRecorder recorder = commands.get(way);
    long millis = nowMillis - madeAt(id);
    if (recorder != null && millis < OLDEST_MILLIS) {
      Latency.record(recorder, millis * 1_000_000);
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
