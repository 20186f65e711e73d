package io.signalbox.sim.device;

import io.signalbox.sim.link.Way;
import java.time.Duration;
import java.util.List;

/**
 * By which ways devices call the hub.
 *
 * @param ways one, or several, the best first: then the best that works
 * @param betterAfter how long a lesser one is good before a better one is tried again; doubled each
 *     time that was in vain
 */
public record Routes(List<Way> ways, Duration betterAfter) {
  private static final Duration BETTER_AFTER = Duration.ofMinutes(2);

  /** A single way. */
  public static Routes only(Way way) {
    return new Routes(List.of(way), BETTER_AFTER);
  }

  /** Whatever the network lets through. */
  public static Routes auto(Duration betterAfter) {
    return new Routes(List.of(Way.WEBSOCKET, Way.SSE, Way.LONGPOLL), betterAfter);
  }

  /** Whatever the network lets through, tried again after the usual time. */
  public static Routes auto() {
    return auto(BETTER_AFTER);
  }
}
