package io.signalbox.hub.polling;

import java.util.Locale;

/** What the interval until the next poll follows from most. */
public enum PollReason {
  /** More is waiting already, or falls due at a known time. */
  PENDING,
  /** Commands have come lately, faster than this device's usual. */
  RECENT,
  /** Nothing out of the usual. */
  IDLE,
  /** The device can only be reached inside its windows. */
  WINDOW,
  /** The device's charge or its own least interval asks for fewer polls. */
  ENERGY,
  /** The hub is overloaded and asks everybody for fewer polls. */
  LOAD;

  /** As the protocol writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
