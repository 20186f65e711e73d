package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;

/** Refusals of the stores of the fleet. */
final class FleetRefusals {
  private FleetRefusals() {}

  static Refusal unknown(String device) {
    return new Refusal(ErrorCode.UNKNOWN_DEVICE, "there is no device " + device);
  }

  static boolean isUnknown(Throwable failure) {
    return failure instanceof Refusal refusal && refusal.kind() == ErrorCode.UNKNOWN_DEVICE;
  }

  static Refusal disabled(String device) {
    return new Refusal(ErrorCode.DISABLED, "device " + device + " is disabled");
  }

  /** Other nodes change it all the time. */
  static Refusal contended(String device) {
    return new Refusal(ErrorCode.UNAVAILABLE, "device " + device + " changes too often");
  }
}
