package io.signalbox.sim.model;

import java.util.Map;

/** What a machine says to a command. */
public sealed interface CommandOutcome {

  /** Done; {@code data} tells what came of it. */
  record Done(Map<String, Object> data) implements CommandOutcome {}

  /** Begun; {@link DeviceModel#settled()} will say when it is done. */
  record InProgress() implements CommandOutcome {}

  /** Understood, but it cannot be done: {@code reason} names the parameter at fault. */
  record Failed(String reason) implements CommandOutcome {}

  /** Not a command of this machine. */
  record Rejected(String reason) implements CommandOutcome {}
}
