package io.signalbox.sim.link;

import io.signalbox.sim.model.Sample;
import java.util.List;
import java.util.Map;

/** What a device says to the hub. */
public sealed interface DeviceFrame {

  /** Readings; {@code seq} counts up by one in a connection, from 1. */
  record Telemetry(long seq, List<Sample> samples) implements DeviceFrame {}

  /** Answers a command; {@code data} may be empty, {@code error} too. */
  record Result(String id, Status status, Map<String, Object> data, String error)
      implements DeviceFrame {}

  /** Where the device stands: a merge patch on its twin's reported state. */
  record Reported(Map<String, Object> patch) implements DeviceFrame {}

  /** Asks whether the hub is there. */
  record Ping() implements DeviceFrame {}

  /** How far a command has come. */
  enum Status {
    ACCEPTED,
    SUCCEEDED,
    FAILED,
    REJECTED
  }
}
