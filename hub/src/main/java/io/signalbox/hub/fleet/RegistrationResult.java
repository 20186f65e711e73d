package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Refusal;

/** What became of one device of many that were to be registered. */
public sealed interface RegistrationResult {
  /** It is registered. */
  record Ok(RegisteredDevice registered) implements RegistrationResult {}

  /** It is not; the others are not touched by that. */
  record Failed(String id, Refusal refusal) implements RegistrationResult {}
}
