package io.signalbox.hub.fleet;

import io.signalbox.hub.fleet.SessionState.Sleeping;

/**
 * When a poller is late and when it is lost. A poller is given slack beyond its plan, by its own
 * interval; and since nobody can call a hub that is not there, its absence counts only from when
 * the hub has been listening without a break.
 *
 * <p>All times are of the monotonic clock. Threading: one thread at a time.
 */
final class PollDeadlines {
  /** A round that comes so late means that the hub has stood still. */
  private static final long BREAK_MILLIS = 30_000;

  private static final int SLACK_SHARE = 4;
  private static final int PATIENT_FOR = 3;

  private final long slackMillis;
  private final long graceMillis;
  private volatile long listeningSince;
  private volatile long lastRound;

  PollDeadlines(FleetSettings settings) {
    this.slackMillis = settings.pollOverdueAfter().toMillis();
    this.graceMillis = settings.pollOfflineAfter().toMillis();
  }

  /** From now on devices can reach the hub. */
  void listen(long now) {
    listeningSince = now;
    lastRound = now;
  }

  /** The next round of the sweep. */
  void sweep(long now) {
    if (now - lastRound > BREAK_MILLIS) {
      listeningSince = now;
    }
    lastRound = now;
  }

  /** It is past its plan. */
  boolean isLate(Sleeping poller, long now) {
    return now > due(poller) + Math.max(slackMillis, interval(poller) / SLACK_SHARE);
  }

  /** It has been waited for long enough. */
  boolean isLost(Sleeping poller, long now) {
    return now > due(poller) + Math.max(graceMillis, PATIENT_FOR * interval(poller));
  }

  private long due(Sleeping poller) {
    return Math.max(poller.expected(), listeningSince);
  }

  private static long interval(Sleeping poller) {
    return Math.max(0, poller.expected() - poller.contact());
  }
}
