package io.signalbox.hub.gateway;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;

/** The way back to a device, whatever its transport. Called on the session's event loop. */
public interface DeviceChannel {
  /** Everything up to the number is durable. */
  void ack(long seq);

  /**
   * A message was refused; the session goes on. {@code DeviceMessage.NO_SEQ} where the message had
   * no number.
   */
  void refuse(long seq, Refusal refusal);

  /** Something to do. */
  void command(Command command);

  /**
   * What operators want the device to be. While it does not read, only the newest is kept for it.
   */
  void desired(Twin twin);

  /** Answers a ping. */
  void pong();

  /** Stop reading from the device, or go on. */
  void setAutoRead(boolean held);

  /** The session is over; the cause is one of presence's. */
  void end(String cause);
}
