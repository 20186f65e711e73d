package io.signalbox.hub.wire;

import io.signalbox.hub.model.Reading;
import java.util.List;
import java.util.Map;

/**
 * Decoded telemetry payload.
 *
 * @param readings the readings; one without a timestamp has {@link DeviceMessage#NO_TS}
 * @param skipped number of null values, which are ignored
 * @param units by metric; empty unless the payload is SenML and names some
 */
public record TelemetryPayload(List<Reading> readings, int skipped, Map<String, String> units) {
  /** The empty payload. */
  static final TelemetryPayload NONE = new TelemetryPayload(List.of(), 0);

  /** A payload that names no units. */
  public TelemetryPayload(List<Reading> readings, int skipped) {
    this(readings, skipped, Map.of());
  }
}
