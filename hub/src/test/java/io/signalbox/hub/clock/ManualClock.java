package io.signalbox.hub.clock;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock under the control of the test. {@link #advance} lets time pass, for both clocks; {@link
 * #stepWall} sets the wall clock, and no time passes.
 */
public final class ManualClock extends HubClock {
  private final AtomicLong monotonic;
  private final AtomicLong wall;

  /** A clock that shows this time, Unix milliseconds. */
  public ManualClock(long wallMillis) {
    // The monotonic clock starts somewhere else, so that code that mixes the two up fails.
    this(new AtomicLong(wallMillis), new AtomicLong(987_654_321));
  }

  private ManualClock(AtomicLong wall, AtomicLong monotonic) {
    super(wall::get, () -> monotonic.get() * 1_000_000);
    this.wall = wall;
    this.monotonic = monotonic;
  }

  /** Unix milliseconds. */
  public long get() {
    return wallMillis();
  }

  /** Lets time pass. */
  public void advance(long millis) {
    monotonic.addAndGet(millis);
    wall.addAndGet(millis);
  }

  /** As {@link #advance}, or {@link #stepWall} for going back; returns the wall time after it. */
  public long addAndGet(long millis) {
    set(wallMillis() + millis);
    return wallMillis();
  }

  /** A millisecond passes; returns the wall time after it. */
  public long incrementAndGet() {
    return addAndGet(1);
  }

  /** Lets time pass until that wall time, or sets the wall clock back to it. */
  public void set(long wallMillis) {
    long difference = wallMillis - wallMillis();
    if (difference < 0) {
      stepWall(difference);
    } else {
      advance(difference);
    }
  }

  /** Sets the wall clock, forward or back; the hub notices it at once. */
  public void stepWall(long millis) {
    setWallUnnoticed(millis);
    check();
  }

  /** Sets the wall clock; the hub has not noticed it yet. */
  public void setWallUnnoticed(long millis) {
    wall.addAndGet(millis);
  }
}
