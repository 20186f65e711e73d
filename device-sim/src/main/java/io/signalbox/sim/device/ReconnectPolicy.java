package io.signalbox.sim.device;

import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.RetryHints;
import java.util.random.RandomGenerator;

/** Whether and when a device calls again after the hub turned it away or hung up. */
sealed interface ReconnectPolicy {

  /** Calling again would change nothing. */
  record Never(String why) implements ReconnectPolicy {}

  /** Somewhere between now and then plus the device's own back-off, so that a fleet spreads. */
  record After(long leastMillis, long spreadMillis) implements ReconnectPolicy {
    long millis(RandomGenerator random) {
      return leastMillis + random.nextLong(spreadMillis + 1);
    }
  }

  /**
   * After a session that ended.
   *
   * @param attemptUnanswered whether an attempt to connect was lately given up without an answer:
   *     the network may deliver it late, and it then replaces the session that came after it
   */
  static ReconnectPolicy after(LinkEvent.Closed closed, boolean attemptUnanswered) {
    return switch (closed.code()) {
      case 4401 -> new Never("its key was revoked");
      case 4409 ->
          attemptUnanswered
              ? new After(0, 0)
              : new Never("another session of the same device took its place");
      case 1001 -> new After(0, RetryHints.seconds(closed.reason()).toMillis());
      case 4429, 1008, 1009 -> new After(1000, 4000);
      default -> new After(0, 0);
    };
  }

  /**
   * After a call that was turned away.
   *
   * @param otherWays whether a door that does not open leaves others to be tried
   */
  static ReconnectPolicy after(LinkEvent.NotOpened refused, boolean otherWays) {
    return switch (refused.status()) {
      case 401 -> new Never("the hub does not know its key");
      case 400, 404, 426 ->
          otherWays ? new After(0, 0) : new Never("the device door did not open: " + refused.why());
      case 403 -> new After(5000, 10_000);
      default -> {
        long notBefore = refused.notBefore().toMillis();
        yield new After(notBefore, notBefore);
      }
    };
  }
}
