package io.signalbox.hub.command;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.clock.WallClock;

/**
 * The wall time by which commands are judged. It follows the hub's, but for a step of the wall
 * clock: that it takes over only when every deadline in the store has been moved by as much. Until
 * then deadlines and time are both of before the step, so that no step shortens a life.
 *
 * <p>Threading: the room's thread.
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

  /** The step that is to be taken over, ms; 0 if there is none. Drift is followed at once. */
  long step() {
    long difference = clock.offsetMillis() - offset;
    if (Math.abs(difference) >= HubClock.STEP_MILLIS) {
      return difference;
    }
    offset += difference;
    return 0;
  }

  /** The deadlines have been moved by so much. */
  void stepped(long millis) {
    offset += millis;
  }
}
