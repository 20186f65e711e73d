package io.signalbox.hub.wire;

import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.Map;

/** Decoded message of a device. */
public sealed interface DeviceMessage {

  /** {@link Reading#ts()} of a reading without a timestamp; it gets the time of arrival. */
  long NO_TS = Long.MIN_VALUE;

  /** {@link Refused#seq()} of a frame without a readable sequence number. */
  long NO_SEQ = -1;

  /**
   * A message with readings.
   *
   * @param seq the message's sequence number, from 1
   * @param readings at least one, in the order of the frame
   * @param stamped false: at least one reading carries {@link #NO_TS}
   * @param skipped number of null values, which are ignored
   */
  record Telemetry(long seq, List<Reading> readings, boolean stamped, int skipped)
      implements DeviceMessage {}

  /**
   * A message with readings in SenML that names units.
   *
   * @param units by metric
   */
  record TelemetryWithUnits(Telemetry telemetry, Map<String, String> units)
      implements DeviceMessage {}

  /** The result of a command. */
  record Result(CommandResult result) implements DeviceMessage {}

  /**
   * A change of the twin's reported state.
   *
   * @param patch a merge patch: a JSON object as compact text
   */
  record Reported(String patch) implements DeviceMessage {}

  /**
   * What the device says of itself.
   *
   * @param description a JSON object as compact text
   */
  record Describe(String description) implements DeviceMessage {}

  /** A ping, which the hub answers with a pong. */
  record Ping() implements DeviceMessage {}

  /**
   * An invalid frame.
   *
   * @param seq the message's sequence number, or {@link #NO_SEQ}
   * @param refusal the error to send to the device
   */
  record Refused(long seq, Refusal refusal) implements DeviceMessage {}
}
