package io.signalbox.sim.device;

import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.RetryHints;
import java.util.random.RandomGenerator;

/** Decides whether and when a device reconnects after a rejection or a closed connection. */
sealed interface ReconnectPolicy {

  /** Do not reconnect. */
  record Never(String why) implements ReconnectPolicy {}

  /** Reconnect after a random part of this time plus the device's backoff, to spread a fleet. */
  record After(long leastMillis, long spreadMillis) implements ReconnectPolicy {
    long millis(RandomGenerator random) {
      return leastMillis + random.nextLong(spreadMillis + 1);
    }
  }

  /**
   * Decides after a session has ended.
   *
   * @param attemptUnanswered whether a recent connection attempt was abandoned without an answer:
   *     the network may deliver it late, and it then replaces the session that followed it
   */
  static ReconnectPolicy after(LinkEvent.Closed closed, boolean attemptUnanswered) {
    return switch (closed.code()) {
      case 4401 -> new Never("key revoked");
      case 4409 ->
          attemptUnanswered
              ? new After(0, 0)
              : new Never("replaced by another session of the same device");
      case 1001 -> new After(0, RetryHints.seconds(closed.reason()).toMillis());
      case 4429, 1008, 1009 -> new After(1000, 4000);
      default -> new After(0, 0);
    };
  }

  /**
   * Decides after a rejected connection attempt.
   *
   * @param otherWays whether other transports remain to be tried
   */
  static ReconnectPolicy after(LinkEvent.NotOpened refused, boolean otherWays) {
    return switch (refused.status()) {
      case 401 -> new Never("unknown key");
      case 400, 404, 426 ->
          otherWays ? new After(0, 0) : new Never("connection rejected: " + refused.why());
      case 403 -> new After(5000, 10_000);
      default -> {
        long notBefore = refused.notBefore().toMillis();
        yield new After(notBefore, notBefore);
      }
    };
  }
}
