package io.signalbox.sim.device;

import io.signalbox.sim.link.TransportKind;
import java.time.Duration;
import java.util.List;

/**
 * By which ways devices call the hub.
 *
 * @param transports one, or several, the best first: then the best that works
 * @param betterAfter how long a lesser one is good before a better one is tried again; doubled each
 *     time that was in vain
 */
public record TransportPreferences(List<TransportKind> transports, Duration betterAfter) {
  private static final Duration BETTER_AFTER = Duration.ofMinutes(2);

  /** A single way. */
  public static TransportPreferences only(TransportKind transport) {
    return new TransportPreferences(List.of(transport), BETTER_AFTER);
  }

  /** Whatever the network lets through. */
  public static TransportPreferences auto(Duration betterAfter) {
    return new TransportPreferences(
        List.of(TransportKind.WEBSOCKET, TransportKind.SSE, TransportKind.LONGPOLL), betterAfter);
  }

  /** Whatever the network lets through, tried again after the usual time. */
  public static TransportPreferences auto() {
    return auto(BETTER_AFTER);
  }
}
