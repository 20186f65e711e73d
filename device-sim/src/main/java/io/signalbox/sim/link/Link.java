package io.signalbox.sim.link;

/**
 * Link of a device to the hub, independent of the transport: sends device frames and reports {@link
 * LinkEvent}s. It connects by itself: the first frame it reports is the {@link HubFrame.Welcome},
 * or it ends with {@link LinkEvent.NotOpened}. Every telemetry frame is acknowledged or refused by
 * its seq, in order, or lost with the link. After {@link #close} or {@link #cut} it reports
 * nothing.
 *
 * <p>Threading: confined to the event loop on which it was opened; reports its events there. It has
 * no timer: the owner calls {@link #act} at {@link #dueAt}, which may change with every event.
 */
public interface Link {

  /** Sends a frame. A failure is reported as the link's end. */
  void send(DeviceFrame frame);

  /** Whether readings must wait; {@link LinkEvent.StateChanged} follows when not any more. */
  boolean isFull();

  /**
   * Whether results and reports can be sent now. While the link sleeps they wait, like readings,
   * for {@link LinkEvent.StateChanged}.
   */
  boolean isAwake();

  /**
   * Whether the hub confirms every result with {@link HubFrame.ResultConfirmed}. If not, a result
   * counts as delivered when the link stays up for a while after it.
   */
  boolean confirmsResults();

  /** Performs due work: polls, sends a heartbeat, closes a dead connection. */
  void act(long now);

  /** Time at which {@link #act} is due next, milliseconds of the event loop's clock. */
  long dueAt();

  /** Signals that frames wait: a sleeping link connects as soon as its own bounds allow. */
  void nudge(long now);

  /** Requests that waiting frames be sent now: a sleeping link connects at once. */
  void hurry(long now);

  /** Closes the link in an orderly way. */
  void close();

  /** Cuts the connection without a close frame, as if the network were lost. */
  void cut();
}
