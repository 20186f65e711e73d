package io.signalbox.hub.wire;

import io.signalbox.hub.model.Reading;
import java.util.List;

/**
 * Decoded telemetry payload.
 *
 * @param readings the readings; one without a timestamp has {@link DeviceMessage#NO_TS}
 * @param skipped number of null values, which are ignored
 */
public record TelemetryPayload(List<Reading> readings, int skipped) {
  /** The empty payload. */
  static final TelemetryPayload NONE = new TelemetryPayload(List.of(), 0);
}
