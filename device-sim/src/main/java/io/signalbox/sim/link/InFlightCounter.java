package io.signalbox.sim.link;

/** How many calls of a loop are unanswered. Touched by the loop only. */
public final class InFlightCounter {
  /** More calls at a time would only wait longer each: a hub that is slow is not helped by more. */
  private static final int MOST_RINGING = 128;

  private int ringing;

  /** Whether so many calls are unanswered that another had better wait. */
  public boolean isBusy() {
    return ringing >= MOST_RINGING;
  }

  /** The hub is called. */
  public void rings() {
    ringing++;
  }

  /** It answered, or nobody did. */
  public void answered() {
    ringing--;
  }
}
