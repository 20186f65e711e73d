package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Readings of a device's open string by metric, in the order of their arrival. One thread.
 *
 * @param byMetric at least one reading each
 */
record OpenReadings(Map<String, List<Arrived>> byMetric) {
  /** A reading that is not in a chunk yet. */
  record Arrived(long ts, Value value, long arrival) {}

  /** Decodes an open string; an empty one has no readings. */
  static OpenReadings of(byte[] open) {
    Map<String, List<Arrived>> found = new LinkedHashMap<>();
    MessageCodec.read(
        open,
        (metric, ts, value, arrival) ->
            found
                .computeIfAbsent(metric, first -> new ArrayList<>())
                .add(new Arrived(ts, value, arrival)));
    return new OpenReadings(found);
  }

  /** The readings of one metric of an open string. */
  static List<Arrived> of(byte[] open, String metric) {
    List<Arrived> found = new ArrayList<>();
    MessageCodec.read(
        open,
        (other, ts, value, arrival) -> {
          if (other.equals(metric)) {
            found.add(new Arrived(ts, value, arrival));
          }
        });
    return found;
  }
}
