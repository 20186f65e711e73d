package io.signalbox.sim.model;

import java.util.Map;

/** Outcome of a command on a device model. */
public sealed interface CommandOutcome {

  /** Done, with result data. */
  record Done(Map<String, Object> data) implements CommandOutcome {}

  /** Started; {@link DeviceModel#settled()} reports completion. */
  record InProgress() implements CommandOutcome {}

  /** Invalid parameter; {@code reason} names it. */
  record Failed(String reason) implements CommandOutcome {}

  /** Unknown command. */
  record Rejected(String reason) implements CommandOutcome {}
}
