package io.signalbox.hub.gateway.http;

import io.signalbox.hub.model.Refusal;

/** What keeps a device here that has come by HTTP. Threading: the device's home. */
sealed interface HeldDeviceRequest permits HeldCommandPoll, CommandStream {
  /** Another request of the device takes its place. */
  void displace();

  /** The session is over. */
  void end(Refusal why);
}
