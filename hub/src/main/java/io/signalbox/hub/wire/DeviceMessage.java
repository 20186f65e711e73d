package io.signalbox.hub.wire;

import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import java.util.List;

/** What a device says in a frame. */
public sealed interface DeviceMessage {

  /** {@link Reading#ts()} of a reading without a timestamp: the time of arrival is meant. */
  long NO_TS = Long.MIN_VALUE;

  /** {@link Refused#seq()} of a frame that has none, or none that could be read. */
  long NO_SEQ = -1;

  /**
   * Readings.
   *
   * @param seq the message's number, from 1
   * @param readings at least one, in the order of the frame
   * @param stamped false: at least one reading carries {@link #NO_TS}
   * @param skipped values that were null, which is no value
   */
  record Telemetry(long seq, List<Reading> readings, boolean stamped, int skipped)
      implements DeviceMessage {}

  /** The answer to a command. */
  record Result(CommandResult result) implements DeviceMessage {}

  /**
   * A change of the twin's reported state.
   *
   * @param patch a merge patch: a JSON object as compact text
   */
  record Reported(String patch) implements DeviceMessage {}

  /** A sign of life that wants an answer. */
  record Ping() implements DeviceMessage {}

  /**
   * A frame that cannot be taken.
   *
   * @param seq the number that the refused message uses up, or {@link #NO_SEQ}
   * @param refusal what to answer
   */
  record Refused(long seq, Refusal refusal) implements DeviceMessage {}
}
