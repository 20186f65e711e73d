package io.signalbox.hub.fleet;

import io.signalbox.hub.fleet.SessionState.Sleeping;

/**
 * Deadlines after which a poller is overdue or offline. A poller gets slack in proportion to its
 * interval; and because it cannot reach a hub that is down, its absence counts only from when the
 * hub has been listening without a break.
 *
 * <p>All times are of the monotonic clock. Threading: one thread at a time.
 */
final class PollDeadlines {
  /** A sweep that is this late means that the hub was paused. */
  private static final long BREAK_MILLIS = 30_000;

  private static final int SLACK_DIVISOR = 4;
  private static final int OFFLINE_INTERVALS = 3;

  private final long slackMillis;
  private final long graceMillis;
  private volatile long listeningSince;
  private volatile long lastRound;

  PollDeadlines(FleetSettings settings) {
    this.slackMillis = settings.pollOverdueAfter().toMillis();
    this.graceMillis = settings.pollOfflineAfter().toMillis();
  }

  /** Starts the time at which devices can reach the hub. */
  void listen(long now) {
    listeningSince = now;
    lastRound = now;
  }

  /** Records the next sweep. */
  void sweep(long now) {
    if (now - lastRound > BREAK_MILLIS) {
      listeningSince = now;
    }
    lastRound = now;
  }

  /** Whether the poller is overdue. */
  boolean isLate(Sleeping poller, long now) {
    return now > due(poller) + Math.max(slackMillis, interval(poller) / SLACK_DIVISOR);
  }

  /** Whether the poller counts as offline. */
  boolean isLost(Sleeping poller, long now) {
    return now > due(poller) + Math.max(graceMillis, OFFLINE_INTERVALS * interval(poller));
  }

  private long due(Sleeping poller) {
    return Math.max(poller.expected(), listeningSince);
  }

  private static long interval(Sleeping poller) {
    return Math.max(0, poller.expected() - poller.contact());
  }
}
