package io.signalbox.hub.command;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.clock.WallClock;

/**
 * Wall time of the engine. It follows the hub's clock except for steps: a step is taken over only
 * when every deadline in the store has been shifted by it. Until then deadlines and time are both
 * from before the step, so that no step shortens a time to live.
 *
 * <p>Threading: tasks of the engine.
 */
final class EngineClock implements WallClock {
  private final HubClock clock;
  private long offset;

  EngineClock(HubClock clock) {
    this.clock = clock;
    this.offset = clock.offsetMillis();
  }

  @Override
  public long wallMillis() {
    return clock.monotonicMillis() + offset;
  }

  /** A pending step, ms; 0 if there is none. Drift is followed at once. */
  long step() {
    long difference = clock.offsetMillis() - offset;
    if (Math.abs(difference) >= HubClock.STEP_MILLIS) {
      return difference;
    }
    offset += difference;
    return 0;
  }

  /** Takes over a step after the deadlines are shifted. */
  void stepped(long millis) {
    offset += millis;
  }
}
