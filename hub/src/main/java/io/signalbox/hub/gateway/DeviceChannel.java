package io.signalbox.hub.gateway;

import io.signalbox.hub.fleet.EvictionListener;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;

/**
 * Output to a device, on any transport. Called on the session's event loop, except for {@link
 * #evicted}, which ends the connection because the hub has ended its session.
 */
public interface DeviceChannel extends EvictionListener {
  /** Acknowledges all messages up to this number as durable. */
  void ack(long seq);

  /**
   * Reports a refused message; the session continues. {@code DeviceMessage.NO_SEQ} if the message
   * had no number.
   */
  void refuse(long seq, Refusal refusal);

  /** Sends a command. */
  void command(Command command);

  /** Sends the desired state. While the device does not read, only the newest is kept. */
  void desired(Twin twin);

  /** Acknowledges the device's description of itself, which has this version. */
  void described(long version);

  /** Answers a ping. */
  void pong();

  /** Resumes or pauses reading from the device. */
  void setAutoRead(boolean autoRead);
}
