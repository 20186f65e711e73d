package io.signalbox.sim.model;

import java.util.Map;

/** What a machine says to a command. */
public sealed interface Answer {

  /** Done; {@code data} tells what came of it. */
  record Done(Map<String, Object> data) implements Answer {}

  /** Begun; {@link Machine#settled()} will say when it is done. */
  record Underway() implements Answer {}

  /** Understood, but it cannot be done: {@code reason} names the parameter at fault. */
  record Failed(String reason) implements Answer {}

  /** Not a command of this machine. */
  record Rejected(String reason) implements Answer {}
}
