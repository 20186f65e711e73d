package io.signalbox.sim.http;

import io.signalbox.sim.link.Backoff;

/** When a device that visits the hub wakes for its next visit. */
final class SleepTimer {
  private final HttpConnector connector;
  private final Backoff troubles = new Backoff(1_000, 60_000);
  private long wakesAt = Long.MAX_VALUE;
  private long mayWakeAt;
  private boolean hurried;

  SleepTimer(HttpConnector connector) {
    this.connector = connector;
  }

  /** When it wakes; {@link Long#MAX_VALUE} while it is awake. */
  long wakesAt() {
    return wakesAt;
  }

  boolean isAsleep() {
    return wakesAt != Long.MAX_VALUE;
  }

  void wake() {
    wakesAt = Long.MAX_VALUE;
    hurried = false;
  }

  /** A visit is over, and the hub has planned the next one. */
  void sleep(long plannedMillis) {
    troubles.reset();
    long now = connector.now();
    wakesAt = hurried ? now : now + connector.options().untilNext(plannedMillis);
    mayWakeAt = now + connector.options().leastMillis();
  }

  /** The hub would not be visited: not before it says so, and later each time. */
  void sleepAfterTrouble(long atLeastMillis) {
    wakesAt = connector.now() + atLeastMillis + troubles.next(connector.board().random());
    mayWakeAt = wakesAt;
  }

  /** There is something to be said that is worth a visit before its time. */
  void nudge(long now) {
    if (isAsleep()) {
      wakesAt = Math.min(wakesAt, Math.max(now, mayWakeAt));
    }
  }

  /** The next visit is wanted now, or right after the one that goes on. */
  void hurry(long now) {
    hurried = !isAsleep();
    wakesAt = isAsleep() ? now : wakesAt;
  }
}
