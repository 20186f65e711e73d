package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Refusal;

/** What became of one device of many that were to be registered. */
public sealed interface Registration {
  /** It is registered. */
  record Done(Registered registered) implements Registration {}

  /** It is not; the others are not touched by that. */
  record Refused(String id, Refusal refusal) implements Registration {}
}
