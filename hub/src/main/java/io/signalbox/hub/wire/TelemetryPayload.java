package io.signalbox.hub.wire;

import io.signalbox.hub.model.Reading;
import java.util.List;

/**
 * What a telemetry payload says.
 *
 * @param readings those without a timestamp carry {@link DeviceMessage#NO_TS}
 * @param skipped values that were null, which is no value
 */
public record TelemetryPayload(List<Reading> readings, int skipped) {
  /** One that says nothing. */
  static final TelemetryPayload NONE = new TelemetryPayload(List.of(), 0);
}
