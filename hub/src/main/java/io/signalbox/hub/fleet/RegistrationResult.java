package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Refusal;

/** Result of one device of a bulk registration. */
public sealed interface RegistrationResult {
  /** The device is registered. */
  record Ok(RegisteredDevice registered) implements RegistrationResult {}

  /** The device is not registered; others are not affected. */
  record Failed(String id, Refusal refusal) implements RegistrationResult {}
}
