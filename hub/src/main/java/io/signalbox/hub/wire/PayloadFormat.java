package io.signalbox.hub.wire;

import org.jspecify.annotations.Nullable;

/**
 * How a telemetry payload is to be read.
 *
 * @param type how it is written
 * @param agent whose format it is; null for the protocol's own shapes
 * @param unit of its timestamps that are numbers; null for the format's usual one
 */
public record PayloadFormat(
    PayloadType type, @Nullable AgentFormat agent, @Nullable TimestampUnit unit) {

  /** One of the protocol's own shapes. */
  public static PayloadFormat plain(PayloadType type) {
    return new PayloadFormat(type, null, null);
  }

  /** The unit of numbers that are timestamps. */
  TimestampUnit timestampUnit() {
    if (unit != null) {
      return unit;
    }
    return agent == null ? TimestampUnit.MILLISECONDS : TimestampUnit.SECONDS;
  }
}
