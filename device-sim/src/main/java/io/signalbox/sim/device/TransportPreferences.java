package io.signalbox.sim.device;

import io.signalbox.sim.link.TransportKind;
import java.time.Duration;
import java.util.List;

/**
 * Transports that devices use.
 *
 * @param transports one transport, or several in order of preference
 * @param betterAfter time until a better transport is tried again; doubled after each failed try
 */
public record TransportPreferences(List<TransportKind> transports, Duration betterAfter) {
  private static final Duration BETTER_AFTER = Duration.ofMinutes(2);

  /** A single transport. */
  public static TransportPreferences only(TransportKind transport) {
    return new TransportPreferences(List.of(transport), BETTER_AFTER);
  }

  /** The best transport that works, with the given retry time. */
  public static TransportPreferences auto(Duration betterAfter) {
    return new TransportPreferences(
        List.of(TransportKind.WEBSOCKET, TransportKind.SSE, TransportKind.LONGPOLL), betterAfter);
  }

  /** The best transport that works, with the default retry time. */
  public static TransportPreferences auto() {
    return auto(BETTER_AFTER);
  }
}
