package io.signalbox.hub.wire;

import org.jspecify.annotations.Nullable;

/**
 * Format of a telemetry payload.
 *
 * @param type the media type
 * @param agent the agent's format; null for the protocol's own shapes
 * @param unit the unit of numeric timestamps; null for the format's default
 */
public record PayloadFormat(
    PayloadType type, @Nullable AgentFormat agent, @Nullable TimestampUnit unit) {

  /** The format of the protocol's own shapes. */
  public static PayloadFormat plain(PayloadType type) {
    return new PayloadFormat(type, null, null);
  }

  /** The unit of numeric timestamps. */
  TimestampUnit timestampUnit() {
    if (unit != null) {
      return unit;
    }
    return agent == null ? TimestampUnit.MILLISECONDS : TimestampUnit.SECONDS;
  }
}
