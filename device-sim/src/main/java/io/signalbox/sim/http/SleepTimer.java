package io.signalbox.sim.http;

import io.signalbox.sim.link.Backoff;

/** Wake-up time of a polling device. */
final class SleepTimer {
  private final HttpConnector connector;
  private final Backoff backoff = new Backoff(1_000, 60_000);
  private long wakesAt = Long.MAX_VALUE;
  private long mayWakeAt;
  private boolean hurried;

  SleepTimer(HttpConnector connector) {
    this.connector = connector;
  }

  /** The wake-up time; {@link Long#MAX_VALUE} while awake. */
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

  /** Schedules the next contact according to the hub's plan. */
  void sleep(long plannedMillis) {
    backoff.reset();
    long now = connector.now();
    wakesAt = hurried ? now : now + connector.options().untilNext(plannedMillis);
    mayWakeAt = now + connector.options().leastMillis();
  }

  /** Schedules a retry after a rejection: not before {@code Retry-After}, with growing backoff. */
  void sleepAfterTrouble(long atLeastMillis) {
    wakesAt = connector.now() + atLeastMillis + backoff.next(connector.context().random());
    mayWakeAt = wakesAt;
  }

  /** Advances the contact because there is something to send. */
  void nudge(long now) {
    if (isAsleep()) {
      wakesAt = Math.min(wakesAt, Math.max(now, mayWakeAt));
    }
  }

  /** Requests a contact now, or right after the current one. */
  void hurry(long now) {
    hurried = !isAsleep();
    wakesAt = isAsleep() ? now : wakesAt;
  }
}
