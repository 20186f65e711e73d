package io.signalbox.hub.polling;

import java.util.Locale;

/** Main reason for the interval until the next poll. */
public enum PollReason {
  /** More commands are waiting, or one is due at a known time. */
  PENDING,
  /** Recent commands were more frequent than usual for the device. */
  RECENT,
  /** The usual interval. */
  IDLE,
  /** The device can be reached only in its windows. */
  WINDOW,
  /** The device's battery or its own minimum interval requires fewer polls. */
  ENERGY,
  /** The hub is overloaded and stretches all intervals. */
  LOAD;

  /** The reason's name in the protocol. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
