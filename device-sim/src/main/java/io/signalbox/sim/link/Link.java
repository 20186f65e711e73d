package io.signalbox.sim.link;

/**
 * A device's link to the hub, whatever carries it: device frames go up, {@link LinkEvent}s come
 * down. It opens itself: the first frame that it tells is the {@link HubFrame.Welcome}, or it ends
 * in {@link LinkEvent.NotOpened}. Every telemetry frame is acknowledged or refused by its seq, in
 * order, or goes down with the link. After {@link #close} or {@link #cut} it is silent.
 *
 * <p>Threading: touched by the loop on which it was opened, and tells its events there. It has no
 * timer: whoever holds it calls {@link #act} at {@link #dueAt}, which may change with every event.
 */
public interface Link {

  /** Sends a frame. A link that breaks meanwhile tells so by its end. */
  void send(DeviceFrame frame);

  /**
   * Whether readings had better wait; {@link LinkEvent.StateChanged} follows when they need not.
   */
  boolean isFull();

  /**
   * Whether answers and reports can be said now. While it sleeps they wait as readings do, until
   * {@link LinkEvent.StateChanged}.
   */
  boolean isAwake();

  /**
   * Whether the hub confirms every result by {@link HubFrame.Heard}. If not, one that was said a
   * while ago on a link that lived on has been heard.
   */
  boolean confirmsResults();

  /** Does what is due: asks again, sends a sign of life, gives up a peer that is dead. */
  void act(long now);

  /** When {@link #act} has something to do next, milliseconds of the loop's clock. */
  long dueAt();

  /** There is something to be said: a link that sleeps calls as soon as its own bounds allow. */
  void nudge(long now);

  /** What waits is wanted now: a link that sleeps calls the hub at once. */
  void hurry(long now);

  /** Says goodbye, as soon as that is possible. */
  void close();

  /** Cuts the wire: no goodbye, as when a device loses its network. */
  void cut();
}
