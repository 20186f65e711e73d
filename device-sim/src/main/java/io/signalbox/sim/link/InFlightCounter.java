package io.signalbox.sim.link;

/** Number of pending connection attempts of an event loop. Confined to that loop. */
public final class InFlightCounter {
  /** Limit; more concurrent attempts would only slow a busy hub down. */
  private static final int MOST_RINGING = 128;

  private int ringing;

  /** Whether the limit is reached. */
  public boolean isBusy() {
    return ringing >= MOST_RINGING;
  }

  /** Counts an attempt. */
  public void started() {
    ringing++;
  }

  /** Ends an attempt, successful or not. */
  public void answered() {
    ringing--;
  }
}
