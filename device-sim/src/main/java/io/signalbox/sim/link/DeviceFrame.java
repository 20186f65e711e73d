package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.model.Sample;
import java.util.List;
import java.util.Map;

/** Frame from a device to the hub. */
public sealed interface DeviceFrame {

  /** Readings; {@code seq} starts at 1 per connection and increases by 1. */
  record Telemetry(long seq, List<Sample> samples) implements DeviceFrame {}

  /** Status of a command; {@code data} and {@code error} may be empty. */
  record Result(String id, Status status, Map<String, Object> data, String error)
      implements DeviceFrame {}

  /** Merge patch of the twin's reported state. */
  record Reported(Map<String, Object> patch) implements DeviceFrame {}

  /** What the device says of itself. */
  record Describe(JsonNode description) implements DeviceFrame {}

  /** Application-level ping. */
  record Ping() implements DeviceFrame {}

  /** Status of a command. */
  enum Status {
    ACCEPTED,
    SUCCEEDED,
    FAILED,
    REJECTED
  }
}
